import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Libc, SystemError } from '@ifdepd/libc';
import { evenIfItFails } from '../system/even-if-it-fails.ts';
import { livingPid } from '../system/process-identity.ts';
import { readRegular } from '../system/trusted-path.ts';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;

/** A process id and a start time, and spaces. */
const LONGEST_IDENTITY = 64;

/**
 * The holder writes its process id right after locking; give up reading it after this many tries, a millisecond apart: on
 * a busy machine the holder may wait that long for a processor.
 */
const MOST_LOOKS = 250;

/** A file that another process has locked, and which; null where that process cannot be seen from here. */
export interface LockedElsewhere {
  readonly holder: number | null;
}

/**
 * Locks a file (flock(2)) and writes the identity of the holder into it. The file stays after the lock: removing it would
 * race with a process that opens it at that moment. Its mode is 0600, because even a reader could lock it.
 *
 * @returns the lock, until it is disposed or the process ends
 * @throws Node's own error where it cannot be opened, {SystemError} where it cannot be locked
 */
export function lockFile(libc: Libc, path: string, identity: string): Disposable | LockedElsewhere {
  const fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  let locked = false;
  try {
    locked = tryLock(libc, fd, path);
  } finally {
    if (!locked) {
      evenIfItFails(() => closeSync(fd));
    }
  }
  if (!locked) {
    return { holder: awaitHolderIn(path) };
  }
  // One write replaces all of the former content: a concurrent reader finds the old identity or the new one.
  // A full file system must not cost the lock: without a name in it, others report a holder that cannot be seen.
  evenIfItFails(() => writeSync(fd, identity.padEnd(LONGEST_IDENTITY), 0));
  return {
    [Symbol.dispose]() {
      evenIfItFails(() => ftruncateSync(fd));
      evenIfItFails(() => closeSync(fd));
    },
  };
}

function awaitHolderIn(path: string): number | null {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const holder = holderIn(path);
    if (holder !== null) {
      return holder;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
  return null;
}

/** The living process that a lock file names; null where it names none, or may not be read. */
export function holderIn(path: string): number | null {
  return livingPid(readSmall(path, LONGEST_IDENTITY));
}

/** The text of a small regular file; '' where it cannot be read, or is larger. Never follows a symbolic link. */
export function readSmall(path: string, mostBytes: number): string {
  try {
    return readRegular(path, mostBytes);
  } catch {
    return '';
  }
}

/** sys/file.h: the same numbers on every system. */
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Locks an open file (flock(2)) until the descriptor is closed or the process ends, without waiting.
 *
 * @param path for the error
 * @returns false where another process has locked it
 * @throws {SystemError} where its file system knows no locks
 */
export function tryLock(libc: Libc, fd: number, path: string): boolean {
  const result = libc.flock(fd, LOCK_EX | LOCK_NB);
  if (result === -libc.target.errnoOf.EAGAIN) {
    return false;
  }
  if (result < 0) {
    throw new SystemError(libc.target, -result, 'flock', path);
  }
  return true;
}
