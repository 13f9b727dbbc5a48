import { errorCode } from './directories.ts';
import { ExitCode, ExitError } from './errors.ts';

/**
 * Loads a part of the program that a daemon does not need at its start. An upgrade may have removed the files of the running
 * version meanwhile.
 *
 * @throws {ExitError} 69 where they are gone
 */
export async function loadLater<Parts>(load: () => Promise<Parts>): Promise<Parts> {
  try {
    return await load();
  } catch (error) {
    if (!['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(errorCode(error))) {
      throw error;
    }
    const message = 'ifdepd was upgraded or removed on disk; restart the daemon';
    throw new ExitError(ExitCode.unavailable, message, { cause: error });
  }
}
