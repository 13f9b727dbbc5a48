import { closeSync, openSync } from 'node:fs';
import { absolutePath } from '../system/directories.ts';
import { readAtMost } from '../system/read-at-most.ts';
import { configText, LARGEST_FILE, reasonOf, refuse, refuseEmpty } from './config-text.ts';
import { findIncluded } from './find-included.ts';
import { loadSettings, readBounded, statsOf } from './load-settings.ts';
import { parseSettings } from './parse-settings.ts';
import type { Settings } from './settings.ts';

/** The name of standard input in messages. */
const STANDARD_INPUT = 'standard input';

/**
 * Settings for a command that reads them once and runs none of their programs.
 *
 * @param file a path, also of a pipe such as that of `<(...)`, or `-` for standard input
 * @throws {ConfigError} with everything that is wrong with it
 */
export function loadOnce(file: string): Settings {
  if (file === '-') {
    return settingsIn(textOf(0, STANDARD_INPUT), STANDARD_INPUT);
  }
  const path = absolutePath(file);
  if (statsOf(path)?.isFIFO() !== true) {
    return loadSettings(path);
  }
  const pipe = openSync(path, 'r');
  try {
    return settingsIn(textOf(pipe, path), path);
  } finally {
    closeSync(pipe);
  }
}

/** Files that standard input includes are relative to the current directory. */
function settingsIn(text: string, name: string): Settings {
  refuseEmpty(name, text);
  return parseSettings(text, name, (pattern) =>
    findIncluded(absolutePath(name), pattern).map((file) => ({ file, text: readBounded(file).text })),
  );
}

/** Everything up to the end of a pipe, within the bound of a file. */
function textOf(fd: number, name: string): string {
  let bytes: Buffer | null;
  try {
    bytes = readAtMost(fd, LARGEST_FILE);
  } catch (error) {
    return refuse(name, `cannot be read: ${reasonOf(error)}`);
  }
  return bytes === null
    ? refuse(name, `has more bytes than a configuration may have: ${LARGEST_FILE}`)
    : configText(name, bytes);
}
