import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, refusalOf } from '../directories.ts';
import { ExitCode, ExitError } from '../exit-code.ts';
import { isAlive } from '../locks/process-identity.ts';
import { isTrusted } from '../trusted-path.ts';

/** A file that names this process while it runs. */
export interface Pidfile {
  /** Takes it away, where it is still ours. */
  remove(): void;
}

/** A process id and the end of its line. */
const LONGEST_PID = 16;

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * Writes the process id to a file that nobody else holds. Never through a symbolic link; a file left behind by a
 * process that is gone is replaced.
 *
 * @throws {ExitError} 75 where the process that the file names is alive, 71 or 77 where it cannot be written, or where
 *   what is there is somebody else's
 */
export function writePidfile(path: string): Pidfile {
  let fd = create(path);
  if (fd === 'exists') {
    makeWay(path);
    fd = create(path);
  }
  if (fd === 'exists') {
    throw new ExitError(ExitCode.conflict, `${path}: another ifdepd is starting at the same moment`);
  }
  writeSync(fd, `${process.pid}\n`);
  closeSync(fd);
  return {
    remove() {
      if (readPid(path) === process.pid) {
        unlinkSync(path);
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

/** Takes away what a process left behind that is gone; in a directory of everybody it could be anything. */
function makeWay(path: string): void {
  try {
    const stat = lstatSync(path);
    const foreign = !isTrusted(stat);
    if (foreign || !(stat.isFile() || stat.isSymbolicLink())) {
      const what = foreign ? `belongs to user ${stat.uid}` : 'is there and is no pid file';
      throw new ExitError(ExitCode.system, `${path} ${what}: take it away, or name another one with -p FILE`);
    }
    const pid = readPid(path);
    if (pid !== null && isAlive(pid)) {
      throw new ExitError(
        ExitCode.conflict,
        `already running as process ${pid} (${path}); give -p FILE for a second one`,
      );
    }
    unlinkSync(path);
  } catch (error) {
    // Gone meanwhile: all the better.
    if (errorCode(error) !== 'ENOENT') {
      throw refusal(path, error);
    }
  }
}

function refusal(path: string, error: unknown): ExitError {
  return refusalOf(
    error,
    (code) =>
      `cannot write the pid file ${path}: ${code === 'ENOENT' ? `ENOENT, there is no directory ${dirname(path)}` : code}. Name another one with -p FILE`,
  );
}

/** The process id in the file; null where it holds none (half written, or no pid file at all). */
function readPid(path: string): number | null {
  try {
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(LONGEST_PID);
      const size = fstatSync(fd).isFile() ? readSync(fd, bytes, 0, LONGEST_PID, 0) : 0;
      const text = bytes.toString('latin1', 0, size).trim();
      return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
