import { resolve } from 'node:path';
import { errorCode } from './directories.ts';
import { ExitCode, ExitError } from './errors.ts';

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
