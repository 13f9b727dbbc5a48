import { isSmall, loadSettings } from './load-settings.ts';
import type { Settings } from './settings.ts';

/**
 * Bytes of a file that a start reads in this process, since nothing is decided before: some 200 groups, some 20 ms. To read a
 * larger one would block the event loop, which has to handle SIGTERM.
 */
const SMALL_AT_START = 16 * 1024;

/**
 * Reads the configuration of a start: a large one in another process.
 *
 * @param file an absolute path
 * @param program the file of this program
 * @throws {ConfigError} with what is wrong with it
 */
export async function loadFirst(file: string, program: string): Promise<Settings> {
  // Another process would have other descriptors.
  if (/^\/(dev|proc)\//.test(file) || isSmall(file, SMALL_AT_START)) {
    return loadSettings(file);
  }
  const { loadFirstAside } = await import('./load-aside.ts');
  return loadFirstAside(file, program);
}
