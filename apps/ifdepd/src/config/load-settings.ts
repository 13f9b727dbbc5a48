import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { followPath, isTrusted } from '../system/trusted-path.ts';
import { configText, LARGEST_FILE, reasonOf, refuse, refuseEmpty } from './config-text.ts';
import { findIncluded } from './find-included.ts';
import { parseSettings } from './parse-settings.ts';
import type { Settings } from './settings.ts';

/** The mode bits that let others than the owner write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Settings from a configuration file.
 *
 * @param file an absolute path
 * @throws {ConfigError} with everything that is wrong with it
 */
export function loadSettings(file: string): Settings {
  const read = new Map<string, Stats>();
  function textOf(name: string): string {
    const { text, stat } = readBounded(name);
    read.set(name, stat);
    return text;
  }
  const text = textOf(file);
  refuseEmpty(file, text);
  const settings = parseSettings(text, file, (pattern) =>
    findIncluded(file, pattern).map((name) => ({ file: name, text: textOf(name) })),
  );
  const power = powerOf(settings);
  if (power !== null) {
    // A user who can write an included file can write a program into it.
    for (const [name, stat] of read) {
      const fault = ownershipFault(name, stat);
      if (fault !== null) {
        refuse(name, `${name === file ? '' : `is included by ${file}, which `}${power} and ${fault}`);
      }
    }
  }
  return settings;
}

/** The power that a configuration gives its author besides setting interfaces; null for none. */
function powerOf({ hooks, checks, destinations }: Settings): string | null {
  const set = [...destinations.values()];
  const runs =
    hooks.length > 0 ||
    [...checks.values()].some(({ kind }) => kind === 'exec') ||
    set.some(({ action }) => action === 'exec');
  if (runs) {
    return "runs programs ('exec')";
  }
  return set.some((one) => 'path' in one) ? "writes files ('file')" : null;
}

/** The way in which others than root and this user could change the file; null if there is none. */
function ownershipFault(file: string, stat: Stats): string | null {
  if ((stat.mode & WRITABLE_BY_OTHERS) !== 0) {
    return `is writable by others than its owner (mode ${(stat.mode & 0o777).toString(8)}): chmod go-w ${file}`;
  }
  if (!isTrusted(stat)) {
    return `belongs to user ${stat.uid}, who is neither root nor the one that runs this: chown root ${file}`;
  }
  try {
    const { fault } = followPath(file);
    return fault === null ? null : `can be replaced: ${fault}`;
  } catch (error) {
    return `has just been replaced: ${reasonOf(error)}`;
  }
}

/** The text of a regular file, and what it is. @throws {ConfigError} where it cannot be read, or is no text */
export function readBounded(file: string): { readonly text: string; readonly stat: Stats } {
  let fd: number;
  try {
    // O_NONBLOCK: a named pipe without a writer must not hold the start for ever.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return refuse(file, `cannot be read: ${reasonOf(error)}`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      return refuse(file, 'is not a regular file');
    }
    if (stat.size > LARGEST_FILE) {
      return refuse(file, `has ${stat.size} bytes; a configuration has at most ${LARGEST_FILE}`);
    }
    const bytes = Buffer.alloc(stat.size);
    const length = readSync(fd, bytes, 0, stat.size, 0);
    return { text: configText(file, bytes.subarray(0, length)), stat };
  } finally {
    closeSync(fd);
  }
}

/** What a file is; null where it cannot be examined: reading it says why. */
export function statsOf(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

/**
 * Whether a file is read sooner than another process would start. A file that cannot be examined counts as small:
 * {@link loadSettings} reports why. One that may include others does not.
 */
export function isSmall(file: string, bytes: number): boolean {
  const stat = statsOf(file);
  return stat?.isFile() !== true || (stat.size <= bytes && !mayInclude(file));
}

function mayInclude(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes('include');
  } catch {
    return false;
  }
}
