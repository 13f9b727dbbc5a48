import { closeSync, constants, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { DestinationDriver } from './driver.ts';

/** What a file destination says. */
export interface FileWords {
  readonly path: string;
  readonly up: string;
  readonly down: string;
}

/**
 * A file that holds one of two texts: a track_file of keepalived, which reads a weight from it.
 *
 * The text takes the place of the old one in one step (rename(2)): who reads it never sees half of it. A file that is
 * not there, or holds neither text, counts as up.
 */
export function fileDestination({ path, up, down }: FileWords): DestinationDriver {
  return {
    read: () => (content(path) === down.trim() ? 'down' : 'up'),
    set(to, before) {
      const text = to === 'up' ? up : down;
      if (content(path) === text.trim()) {
        return { changed: false, is: to };
      }
      before?.();
      replace(path, `${text}\n`);
      return { changed: true, is: to };
    },
    prepare() {
      const text = content(path);
      if (text !== up.trim() && text !== down.trim()) {
        replace(path, `${up}\n`);
      }
    },
  };
}

function content(path: string): string | null {
  try {
    // O_NONBLOCK: a named pipe must not hold the daemon.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readFileSync(fd, 'utf8').trim();
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

function replace(path: string, text: string): void {
  const next = `${path}.ifdepd`;
  rmSync(next, { force: true });
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const fd = openSync(next, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
  renameSync(next, path);
}
