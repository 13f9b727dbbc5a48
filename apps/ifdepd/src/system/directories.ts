import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { hostTarget, type Target } from '@ifdepd/libc';
import { ExitCode, ExitError } from './errors.ts';
import { directoryFault } from './trusted-path.ts';

/** The directories of a daemon. */
export interface Directories {
  /** Sockets and locks: `RUNTIME_DIRECTORY`, which systemd sets, else /run/ifdepd (/var/run/ifdepd on the BSDs). */
  readonly runtime: string;
  /** Files that outlive the process: `STATE_DIRECTORY`, which systemd sets, else /var/lib/ifdepd (/var/db/ifdepd). */
  readonly state: string;
}

/** The directories on a system. Default: this system. */
export function directoriesOf(target: Target = hostTarget()): Directories {
  return {
    runtime: fromSystemd('RUNTIME_DIRECTORY') ?? `${target.runDirectory}/ifdepd`,
    state: fromSystemd('STATE_DIRECTORY') ?? `${target.stateDirectory}/ifdepd`,
  };
}

/** The default path of the control socket. */
export function defaultSocket(): string {
  return `${directoriesOf().runtime}/ifdepd.sock`;
}

/** systemd separates several by ':'. */
function fromSystemd(variable: string): string | undefined {
  return process.env[variable]?.split(':')[0] || undefined;
}

/**
 * Creates a directory where its parent exists. Refuses an existing one that another user can write to.
 *
 * @throws Node's own error where it cannot be created, {ExitError} where another user can write to it
 */
export function ensureDirectory(path: string, mode = 0o755): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  }
  const fault = directoryFault(path);
  if (fault !== null) {
    throw new ExitError(ExitCode.system, fault);
  }
}

/** `ENOENT`; '' where an error has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether an error says that there is no such file. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}

/**
 * The error that ends the program after a failure of a file or a socket: 77 for a lack of permission, 71 for all others. An
 * {@link ExitError} is returned unchanged.
 *
 * @param sentence what failed and the way out, with the code of the error
 */
export function refusalOf(error: unknown, sentence: (code: string) => string): ExitError {
  if (error instanceof ExitError) {
    return error;
  }
  const code = errorCode(error) || 'unknown error';
  const exit = code === 'EACCES' || code === 'EPERM' ? ExitCode.notPermitted : ExitCode.system;
  return new ExitError(exit, sentence(code), { cause: error });
}

/** The text of an error of a file: our own message, or a code such as `ENOENT`. */
export function errorText(error: unknown): string {
  return error instanceof ExitError ? error.message : errorCode(error) || String(error);
}

/**
 * Resolves a path of the command line.
 *
 * @throws {ExitError} 71 where the current directory has been removed
 */
export function absolutePath(path: string): string {
  try {
    return resolve(path);
  } catch (error) {
    const code = errorCode(error);
    const reason =
      code === 'ENOENT' ? 'the current directory has been removed' : `no current directory (${code})`;
    const message = `${path}: ${reason}; write the path from / on, or change to another directory`;
    throw new ExitError(ExitCode.system, message, { cause: error });
  }
}
