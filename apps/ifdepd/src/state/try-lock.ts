import { type Libc, SystemError } from '@ifdepd/libc';

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
