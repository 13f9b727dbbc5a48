import { errorCode } from './directories.ts';
import { ExitCode, ExitError } from './errors.ts';

/**
 * Loads a part of the program that a daemon does not need at its start. An upgrade may have removed the files of the running
 * version meanwhile, or the system cannot read them now.
 *
 * @throws {ExitError} 69 where they are gone, 71 where they cannot be read
 */
export async function loadLater<Parts>(load: () => Promise<Parts>): Promise<Parts> {
  try {
    return await load();
  } catch (error) {
    const code = errorCode(error);
    if (/^E[A-Z0-9]+$/.test(code)) {
      throw new ExitError(ExitCode.system, `a part of ifdepd cannot be loaded: ${code}`, { cause: error });
    }
    if (!['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(code)) {
      throw error;
    }
    const message = 'ifdepd was upgraded or removed on disk; restart the daemon';
    throw new ExitError(ExitCode.unavailable, message, { cause: error });
  }
}
