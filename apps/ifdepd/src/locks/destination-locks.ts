import type { Libc } from '@ifdepd/libc';
import { directoriesOf, ensureDirectory, errorText } from '../directories.ts';
import { ExitCode, ExitError } from '../exit-code.ts';
import { type HeldLock, isHeld, lockFile, namedIn } from './lock-file.ts';
import { identityOf } from './process-identity.ts';

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
 * One file for each destination and network namespace, locked by the process that holds it. The kernel lets go when that
 * process ends, however it ends.
 *
 * @param libc of the system that this process runs on: the files are there, whatever kernel the destinations are of
 * @param namespace tells one network namespace from another: two daemons may each have a carp0 of their own
 * @param unavailable told once where there is no place for such files: the daemon goes on without
 * @param runtime where locks are, in a directory of their own. Default: this system's
 */
export function destinationLocks(
  libc: Libc,
  namespace: number,
  unavailable: (reason: string) => void,
  runtime: string = directoriesOf().runtime,
): DestinationLocks {
  const held = new Map<string, HeldLock>();
  const identity = identityOf(process.pid);
  let directory: string | null = null;

  function place(): string | null {
    if (directory !== null) {
      return directory;
    }
    const path = locksIn(runtime);
    try {
      ensureDirectory(runtime);
      ensureDirectory(path);
      directory = path;
    } catch (error) {
      unavailable(`destinations are not locked: ${path}: ${errorText(error)}`);
    }
    return directory;
  }

  function drop(destinations: Iterable<string>): void {
    for (const destination of destinations) {
      held.get(destination)?.[Symbol.dispose]();
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
      const others = new Map<number | null, string[]>();
      for (const destination of destinations) {
        if (held.has(destination)) {
          continue;
        }
        const path = fileOf(folder, namespace, destination);
        let lock: ReturnType<typeof lockFile>;
        try {
          lock = lockFile(libc, path, identity);
        } catch (error) {
          unavailable(`destinations are not locked: ${path}: ${errorText(error)}`);
          return;
        }
        if (isHeld(lock)) {
          others.set(lock.holder, [...(others.get(lock.holder) ?? []), destination]);
        } else {
          held.set(destination, lock);
          taken.push(destination);
        }
      }
      if (others.size > 0) {
        drop(taken);
        const words = [...others].map(([pid, names]) => `${names.join(', ')}: held by ${holderWords(pid)}`);
        throw new ExitError(ExitCode.conflict, `${words.join('; ')}. Stop it, or override it with --force`);
      }
    },
    drop,
    [Symbol.dispose]: () => drop([...held.keys()]),
  };
}

function holderWords(pid: number | null): string {
  return pid === null
    ? 'another ifdepd that cannot be seen from here (in another container?)'
    : `the ifdepd with process id ${pid}`;
}

function locksIn(runtime: string): string {
  return `${runtime}/locks`;
}

function fileOf(folder: string, namespace: number, destination: string): string {
  return `${folder}/${namespace}-${encodeURIComponent(destination)}`;
}

/**
 * The process that holds a destination; null where none does, or it cannot be seen.
 *
 * @param runtime as for {@link destinationLocks}
 */
export function holderOf(
  destination: string,
  namespace: number,
  runtime: string = directoriesOf().runtime,
): number | null {
  return namedIn(fileOf(locksIn(runtime), namespace, destination));
}
