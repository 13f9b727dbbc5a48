import type { Libc } from '@ifdepd/libc';
import { directoriesOf, ensureDirectory, errorText } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { identityOf } from '../system/process-identity.ts';
import { holderIn, lockFile } from './lock-file.ts';

/** A lock takes some 40 µs in a file system in memory, and ten times that on a busy disk. So does giving it up. */
export const LOCKS_IN_A_TURN = 20;

/** A lock, and how many destinations it is for: several may be one interface. */
interface SharedLock {
  readonly lock: Disposable;
  users: number;
}

/** Locks on destinations: no other daemon may set them meanwhile. */
export type DestinationLocks = ReturnType<typeof destinationLocks>;

/**
 * Each destination has one lock file in each network namespace, and one more where its interface or file has another name: a daemon
 * that uses either name finds the destination held. The kernel releases the lock when the process ends, however it ends.
 *
 * @param libc of the system that this process runs on, which has the files; the destinations may be of another kernel
 * @param namespace number of the network namespace: two daemons may each have their own carp0
 * @param unavailable called where lock files cannot be made: the daemon goes on without locks
 * @param runtime where locks are, in a directory of their own. Default: this system's
 * @param ownNameOf the name that the interface of a destination goes by, or the path of its file; null where there is none now
 */
export function destinationLocks(
  libc: Libc,
  namespace: number,
  unavailable: (reason: string) => void,
  runtime: string = directoriesOf().runtime,
  ownNameOf: (destination: string) => string | null = () => null,
) {
  /** Of each destination the names that it is locked under. */
  const held = new Map<string, Set<string>>();
  const locks = new Map<string, SharedLock>();
  const identity = identityOf(process.pid);
  let directory: string | null = null;

  function place(): string | null {
    if (directory !== null) {
      return directory;
    }
    const path = `${runtime}/locks`;
    try {
      ensureDirectory(runtime);
      ensureDirectory(path);
      directory = path;
    } catch (error) {
      unavailable(`destinations are not locked: ${path}: ${errorText(error)}`);
    }
    return directory;
  }

  function unlock(name: string): void {
    const shared = locks.get(name);
    if (shared !== undefined && --shared.users === 0) {
      shared.lock[Symbol.dispose]();
      locks.delete(name);
    }
  }

  /** Unlocks some. */
  function drop(destinations: Iterable<string>): void {
    for (const destination of destinations) {
      for (const name of held.get(destination) ?? []) {
        unlock(name);
      }
      held.delete(destination);
    }
  }

  /** @returns the process that holds it, null for one that cannot be seen; undefined where the lock is ours */
  function lock(folder: string, name: string, under: Set<string>): number | null | undefined {
    if (under.has(name)) {
      return undefined;
    }
    const shared = locks.get(name);
    if (shared === undefined) {
      const found = lockFile(libc, fileOf(folder, namespace, name), identity);
      if ('holder' in found) {
        return found.holder;
      }
      locks.set(name, { lock: found, users: 1 });
    } else {
      shared.users += 1;
    }
    under.add(name);
    return undefined;
  }

  /**
   * Locks a destination under each of its names.
   *
   * @returns the first name that another process has locked, and that process; null where none is
   */
  function hold(
    folder: string,
    destination: string,
    ownName = ownNameOf(destination),
  ): { readonly name: string; readonly holder: number | null } | null {
    const under = held.get(destination) ?? new Set();
    held.set(destination, under);
    for (const name of lockNames(destination, ownName)) {
      const holder = lock(folder, name, under);
      if (holder !== undefined) {
        return { name, holder };
      }
    }
    return null;
  }

  return {
    /**
     * Locks more destinations.
     *
     * @throws {ExitError} 75 naming the process that holds one of them; then none of the new ones is locked
     */
    take(destinations: Iterable<string>): void {
      const folder = place();
      if (folder === null) {
        return;
      }
      const fresh = [...destinations].filter((one) => !held.has(one));
      const others = new Map<number | null, string[]>();
      for (const destination of fresh) {
        try {
          const other = hold(folder, destination);
          if (other !== null) {
            const { name, holder } = other;
            others.set(holder, [...(others.get(holder) ?? []), called(destination, name)]);
          }
        } catch (error) {
          const path = fileOf(folder, namespace, destination);
          unavailable(`destinations are not locked: ${path}: ${errorText(error)}`);
          return;
        }
      }
      if (others.size > 0) {
        drop(fresh);
        const held = [...others].map(([pid, names]) => `${names.join(', ')}: held by ${describeHolder(pid)}`);
        throw new ExitError(ExitCode.conflict, `${held.join('; ')}. Stop it, or override it with --force`);
      }
    },
    drop,
    /**
     * Locks a destination, and the interface that its name means now.
     *
     * @param ownName the name that its interface goes by; null where there is none. Default: the system is asked
     * @returns the other holder of that interface, described; null where there is none
     */
    follow(destination: string, ownName = ownNameOf(destination)): string | null {
      const folder = place();
      if (folder === null) {
        return null;
      }
      const names = lockNames(destination, ownName);
      const under = held.get(destination) ?? new Set();
      for (const name of [...under].filter((one) => !names.includes(one))) {
        unlock(name);
        under.delete(name);
      }
      try {
        const other = hold(folder, destination, ownName);
        return other === null ? null : describeHolder(other.holder);
      } catch {
        // The start failed to lock, too, and reported it.
        return null;
      }
    },
    [Symbol.dispose]: () => drop([...held.keys()]),
  };
}

/**
 * Locks more destinations, some in each turn of the event loop.
 *
 * @param turn waits for the next turn
 * @throws {ExitError} 75 naming the process that holds one of them. Some of the others may be locked
 */
export async function takeInTurns(
  locks: Pick<DestinationLocks, 'take'>,
  destinations: readonly string[],
  turn: () => Promise<void>,
): Promise<void> {
  for (let taken = 0; taken < destinations.length; taken += LOCKS_IN_A_TURN) {
    if (taken > 0) {
      await turn();
    }
    locks.take(destinations.slice(taken, taken + LOCKS_IN_A_TURN));
  }
}

/**
 * The names under which a destination is locked: as it is written, and its own. A file has one more, which all network namespaces
 * share.
 *
 * @param own the name of its interface, or its path without symbolic links; null where it has none
 */
export function lockNames(destination: string, own: string | null): readonly string[] {
  const names = new Set([destination, own ?? destination]);
  return destination.startsWith('/') ? [...names, `${FILE}${own ?? destination}`] : [...names];
}

/** Before the path of a file in its lock for all network namespaces. No interface name has a ':'. */
const FILE = 'file:';

/** `vip0 (dst0)`, where a destination is found held under another of its names. */
function called(destination: string, name: string): string {
  const other = name.startsWith(FILE) ? name.slice(FILE.length) : name;
  return other === destination ? destination : `${destination} (${other})`;
}

function describeHolder(pid: number | null): string {
  return pid === null
    ? 'another ifdepd that cannot be seen from here (in another container?)'
    : `the ifdepd with process id ${pid}`;
}

function fileOf(folder: string, namespace: number, destination: string): string {
  const place = destination.startsWith(FILE) ? 'any' : namespace;
  return `${folder}/${place}-${[...destination].map(encoded).join('')}`;
}

/** A character of a file name. A lone surrogate, which encodeURIComponent refuses, becomes `%uDC80`, which it never writes. */
function encoded(character: string): string {
  return /^\p{Cs}$/u.test(character)
    ? `%u${character.charCodeAt(0).toString(16).toUpperCase()}`
    : encodeURIComponent(character);
}

/**
 * The process that holds a destination under this name, which may be that of its interface; null where none does, or it
 * cannot be seen.
 *
 * @param runtime as for {@link destinationLocks}
 */
export function holderOf(
  destination: string,
  namespace: number,
  runtime: string = directoriesOf().runtime,
): number | null {
  return holderIn(fileOf(`${runtime}/locks`, namespace, destination));
}
