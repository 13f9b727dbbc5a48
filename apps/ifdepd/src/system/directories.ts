import { mkdirSync } from 'node:fs';
import { hostTarget, type Target } from '@ifdepd/libc';
import { ExitCode, ExitError } from './errors.ts';
import { directoryFault } from './trusted-path.ts';

/** Where a daemon keeps its files. */
export interface Directories {
  /** Sockets and locks: `RUNTIME_DIRECTORY`, which systemd sets, else /run/ifdepd (/var/run/ifdepd on the BSDs). */
  readonly runtime: string;
  /** What outlives the process: `STATE_DIRECTORY`, which systemd sets, else /var/lib/ifdepd (/var/db/ifdepd). */
  readonly state: string;
}

/** The places that a system has for that. Default: this system. */
export function directoriesOf(target: Target = hostTarget()): Directories {
  return {
    runtime: fromSystemd('RUNTIME_DIRECTORY') ?? `${target.runDirectory}/ifdepd`,
    state: fromSystemd('STATE_DIRECTORY') ?? `${target.stateDirectory}/ifdepd`,
  };
}

/** The control socket, where none is named. */
export function defaultSocket(): string {
  return `${directoriesOf().runtime}/ifdepd.sock`;
}

/** systemd separates several by ':'. */
function fromSystemd(variable: string): string | undefined {
  return process.env[variable]?.split(':')[0] || undefined;
}

/**
 * Makes a directory where it is not there; the one above it has to be. One that is there has to be ours alone to write to.
 *
 * @throws Node's own error where it cannot be made, {ExitError} where somebody else could put something into it
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

/**
 * The end that an error of a file or a socket comes to: 77 where it was a lack of permission, 71 for all others. One
 * that has its sentence already stays as it is.
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

/** What an error of a file comes to: a sentence of ours, or `ENOENT`. */
export function errorText(error: unknown): string {
  return error instanceof ExitError ? error.message : errorCode(error) || String(error);
}
