import { closeSync, constants, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { ExitCode, ExitError } from '../exit-code.ts';
import { isAlive } from '../locks/process-identity.ts';

/** A file that names this process while it runs. */
export interface Pidfile {
  /** Takes it away, where it is still ours. */
  remove(): void;
}

/**
 * Writes the process id to a file that nobody else holds. Never through a symbolic link; a file left behind by a
 * process that is gone is replaced.
 *
 * @throws {ExitError} 75 where the process that the file names is alive, 71 or 77 where it cannot be written
 */
export function writePidfile(path: string): Pidfile {
  let fd = create(path);
  if (fd === 'exists') {
    refuseLiving(path);
    unlinkSync(path);
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
    const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
    return openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      return 'exists';
    }
    const exit = code === 'EACCES' || code === 'EPERM' ? ExitCode.notPermitted : ExitCode.system;
    throw new ExitError(exit, `cannot write the pid file ${path}: ${code}. Name another one with -p FILE`, {
      cause: error,
    });
  }
}

function refuseLiving(path: string): void {
  const pid = readPid(path);
  if (pid !== null && isAlive(pid)) {
    throw new ExitError(
      ExitCode.conflict,
      `already running as process ${pid} (${path}); give -p FILE for a second one`,
    );
  }
}

/** The process id in the file; null where it holds none (half written, or no pid file at all). */
function readPid(path: string): number | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const text = readFileSync(fd, 'latin1').trim();
      return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
