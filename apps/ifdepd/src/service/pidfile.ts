import { closeSync, constants, lstatSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Libc, SystemError } from '@ifdepd/libc';
import { readSmall, tryLock } from '../state/lock-file.ts';
import { errorCode, refusalOf } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { evenIfItFails } from '../system/even-if-it-fails.ts';
import { isAlive, startedAfter } from '../system/process-identity.ts';
import { isTrusted } from '../system/trusted-path.ts';

/** A file with the id of this process while it runs. */
export interface Pidfile {
  /** Removes it where it is still ours. Never throws. */
  remove(): void;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * Writes the process id to a file that no other process holds, and locks it while this process lives. Never follows a
 * symbolic link. Replaces the file of a dead process, also where another process has its number by now.
 *
 * @throws {ExitError} 75 where the process that the file names runs; 71 or 77 where the file cannot be written or belongs to
 *   another user
 */
export function writePidfile(libc: Libc, path: string): Pidfile {
  let fd = create(path);
  if (fd === 'exists') {
    removeStale(libc, path);
    fd = create(path);
  }
  if (fd === 'exists' || !isFree(libc, fd, path)) {
    throw new ExitError(ExitCode.conflict, `${path}: another ifdepd is starting at the same moment`);
  }
  try {
    writeSync(fd, `${process.pid}\n`);
  } catch (error) {
    evenIfItFails(() => unlinkSync(path));
    evenIfItFails(() => closeSync(fd));
    throw refusal(path, error);
  }
  let locked = true;
  return {
    remove() {
      if (pidIn(path) === process.pid) {
        evenIfItFails(() => unlinkSync(path));
      }
      if (locked) {
        locked = false;
        evenIfItFails(() => closeSync(fd));
      }
    },
  };
}

function create(path: string): number | 'exists' {
  try {
    return openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return 'exists';
    }
    throw refusal(path, error);
  }
}

/** Removes the file of a dead process; in a directory like /tmp it could be anything. */
function removeStale(libc: Libc, path: string): void {
  try {
    const stat = lstatSync(path);
    const foreign = !isTrusted(stat);
    if (foreign || !(stat.isFile() || stat.isSymbolicLink())) {
      const what = foreign ? `belongs to user ${stat.uid}` : 'exists and is not a pid file';
      throw new ExitError(ExitCode.system, `${path} ${what}: remove it, or name another one with -p FILE`);
    }
    if (stat.isSymbolicLink()) {
      unlinkSync(path);
      return;
    }
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const free = isFree(libc, fd, path);
      const pid = pidIn(path);
      if (!free || (pid !== null && isOtherProcess(pid, stat.mtimeMs))) {
        throw new ExitError(
          ExitCode.conflict,
          `already running as process ${pid ?? '(unknown)'} (${path}); give -p FILE for a second one`,
        );
      }
      unlinkSync(path);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    // Removed meanwhile.
    if (errorCode(error) !== 'ENOENT') {
      throw refusal(path, error);
    }
  }
}

/**
 * Whether an unlocked file names a running process: another program may have written it. A process that began after the file
 * was written merely has the same number.
 */
function isOtherProcess(pid: number, writtenAt: number): boolean {
  return pid !== process.pid && isAlive(pid) && !startedAfter(pid, writtenAt);
}

/** Locks the file. @returns false where another process holds it; true on a file system without locks */
function isFree(libc: Libc, fd: number, path: string): boolean {
  try {
    return tryLock(libc, fd, path);
  } catch (error) {
    if (error instanceof SystemError) {
      return true;
    }
    throw error;
  }
}

function refusal(path: string, error: unknown): ExitError {
  return refusalOf(
    error,
    (code) =>
      `cannot write the pid file ${path}: ${code === 'ENOENT' ? `ENOENT, there is no directory ${dirname(path)}` : code}. Name another one with -p FILE`,
  );
}

/** A process id and the end of its line. */
const LONGEST_PID = 16;

/** The process id in a file; null where it has none (half written, or no pid file). */
export function pidIn(path: string): number | null {
  const text = readSmall(path, LONGEST_PID).trim();
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}
