import { closeSync, openSync, readSync } from 'node:fs';
import { absolutePath } from '../system/directories.ts';
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
  const bytes = Buffer.alloc(LARGEST_FILE + 1);
  let length = 0;
  for (;;) {
    let read: number;
    try {
      read = readSync(fd, bytes, length, bytes.length - length, null);
    } catch (error) {
      return refuse(name, `cannot be read: ${reasonOf(error)}`);
    }
    length += read;
    if (length > LARGEST_FILE) {
      return refuse(name, `has more bytes than a configuration may have: ${LARGEST_FILE}`);
    }
    if (read === 0) {
      return configText(name, bytes.subarray(0, length));
    }
  }
}
