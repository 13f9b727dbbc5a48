import { accessSync, closeSync, constants, openSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DestinationSettings } from '../../config/settings.ts';
import { errorCode } from '../../system/directories.ts';
import { followPath } from '../../system/trusted-path.ts';
import type { DestinationDriver } from './driver.ts';
import { textFile } from './text-file.ts';

/** Where the file is, and the texts that it holds. */
export type FileWords = Pick<Extract<DestinationSettings, { action: 'file' }>, 'path' | 'up' | 'down'>;

const { O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/**
 * A file that holds one of two texts: a track_file of keepalived, which reads a weight from it.
 *
 * The text takes the place of the old one in one step where it can, see {@link textFile}. The path is followed through
 * directories and symbolic links that nobody else can change, and no others. A file that holds neither text is unknown.
 */
export function fileDestination({ path, up, down }: FileWords): DestinationDriver {
  const { content, write } = textFile(path, Math.max(Buffer.byteLength(up), Buffer.byteLength(down)) + 64);

  /** What the file held when it could be read last. */
  let held: 'up' | 'down' | 'unknown' = 'unknown';

  function stateOf(text: string | null | undefined): typeof held {
    return text === down.trim() ? 'down' : text === up.trim() ? 'up' : 'unknown';
  }

  function read(): 'up' | 'down' | 'unknown' {
    const text = content();
    // A read that fails says nothing of the file: a text of ours is still to be undone.
    held = text === undefined ? held : stateOf(text);
    return held;
  }

  return {
    read,
    set(to, before) {
      const text = to === 'up' ? up : down;
      if (content() === text.trim()) {
        held = to;
        return { changed: false, is: to };
      }
      before?.();
      write(`${text}\n`);
      held = to;
      return { changed: true, is: to };
    },
    note: () =>
      stateOf(content()) === 'unknown'
        ? `cannot be read as up or down: ${fileFault(path) ?? 'it holds neither text'}`
        : null,
    prepare() {
      if (read() === 'unknown') {
        write(`${up}\n`);
      }
    },
  };
}

/**
 * Why a file destination cannot be written, as far as can be known without doing so; null where nothing is in the way. A
 * file that is not there is made.
 */
export function fileFault(path: string): string | null {
  try {
    const { path: file, fault } = followPath(path);
    if (fault !== null) {
      return fault;
    }
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) {
      accessSync(dirname(file), constants.W_OK | constants.X_OK);
      return null;
    }
    return stat.isFile() ? presentFault(file, stat) : `${file} exists and is not a regular file`;
  } catch (error) {
    return sentence(error);
  }
}

/** A file may be replaced or written in place: one of them is enough, but a read-only file system allows neither. */
function presentFault(file: string, stat: Stats): string | null {
  try {
    closeSync(openSync(file, O_WRONLY | O_NONBLOCK | O_NOFOLLOW));
    return null;
  } catch (error) {
    if (errorCode(error) !== 'EACCES') {
      return sentence(error);
    }
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return stat.uid === process.geteuid?.() ? null : sentence(error);
  }
}

/** `no such file or directory (ENOENT): /run/nodir` */
function sentence(error: unknown): string {
  const code = errorCode(error);
  const words = /^\w+: ([^,]*)/.exec(error instanceof Error ? error.message : '')?.[1];
  const where = error instanceof Error && 'path' in error ? `: ${error.path}` : '';
  return `${words ?? String(error)} (${code})${where}`;
}
