import { closeSync, constants, linkSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDirectory, errorCode, removeFile, runtimeDirectory } from '../directories.ts';
import { ExitCode, ExitError } from '../exit-code.ts';
import { identityOf, livingPid } from './process-identity.ts';

/** Destinations that no other daemon may set meanwhile. */
export interface DestinationLocks extends Disposable {
  /**
   * Takes more.
   *
   * @throws {ExitError} 75 with the process that holds one of them; none of the new ones is held then
   */
  take(destinations: Iterable<string>): void;
  /** Lets go of some. */
  drop(destinations: Iterable<string>): void;
}

/**
 * One file for each destination and network namespace, with the process that holds it. A file whose process is gone is
 * taken over.
 *
 * @param namespace tells one network namespace from another: two daemons may each have a carp0 of their own
 * @param unavailable told once where there is no place for such files: the daemon goes on without
 */
export function destinationLocks(namespace: number, unavailable: (reason: string) => void): DestinationLocks {
  const held = new Map<string, string>();
  const identity = identityOf(process.pid);
  let directory: string | null = null;

  function place(): string | null {
    if (directory !== null) {
      return directory;
    }
    const path = join(runtimeDirectory(), 'locks');
    try {
      ensureDirectory(runtimeDirectory());
      ensureDirectory(path);
      directory = path;
    } catch (error) {
      unavailable(`destinations are not locked: ${path}: ${errorCode(error)}`);
    }
    return directory;
  }

  function drop(destinations: Iterable<string>): void {
    for (const destination of destinations) {
      const path = held.get(destination);
      if (path !== undefined && read(path) === identity) {
        removeFile(path);
      }
      held.delete(destination);
    }
  }

  return {
    take(destinations) {
      const folder = place();
      if (folder === null) {
        return;
      }
      const taken: string[] = [];
      const others = new Map<number, string[]>();
      for (const destination of destinations) {
        if (held.has(destination)) {
          continue;
        }
        const path = lockFile(folder, namespace, destination);
        let holder: number | null;
        try {
          holder = claim(path, identity);
        } catch (error) {
          unavailable(`destinations are not locked: ${path}: ${errorCode(error)}`);
          return;
        }
        if (holder === null) {
          held.set(destination, path);
          taken.push(destination);
        } else {
          others.set(holder, [...(others.get(holder) ?? []), destination]);
        }
      }
      if (others.size > 0) {
        drop(taken);
        const words = [...others].map(
          ([pid, names]) => `${names.join(', ')}: held by the ifdepd with process id ${pid}`,
        );
        throw new ExitError(ExitCode.conflict, `${words.join('; ')}. Stop it, or override it with --force`);
      }
    },
    drop,
    [Symbol.dispose]: () => drop([...held.keys()]),
  };
}

function lockFile(folder: string, namespace: number, destination: string): string {
  return join(folder, `${namespace}-${encodeURIComponent(destination)}`);
}

/** The process that holds a destination; null where none does, or it cannot be seen. */
export function holderOf(destination: string, namespace: number): number | null {
  const found = read(lockFile(join(runtimeDirectory(), 'locks'), namespace, destination));
  return found === null ? null : livingPid(found);
}

/** @returns null where it is ours now, else the process that holds it */
function claim(path: string, identity: string): number | null {
  const mine = `${path}.${process.pid}`;
  removeFile(mine);
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const fd = openSync(mine, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644);
  writeSync(fd, identity);
  closeSync(fd);
  try {
    // A link appears with its content or not at all: nobody ever reads a lock that is half written.
    for (;;) {
      try {
        linkSync(mine, path);
        return null;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') {
          throw error;
        }
      }
      const found = read(path);
      const holder = found === null ? null : livingPid(found);
      if (holder !== null && found !== identity) {
        return holder;
      }
      if (read(path) === found) {
        removeFile(path);
      }
    }
  } finally {
    removeFile(mine);
  }
}

function read(path: string): string | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(fd, 'latin1');
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
