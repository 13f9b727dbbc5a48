import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { followPath, isTrusted } from '../system/trusted-path.ts';
import { fileError } from './config-error.ts';
import { findIncluded } from './find-included.ts';
import { parseSettings } from './parse-settings.ts';
import type { Settings } from './settings.ts';

/** Bytes. A configuration of a thousand groups takes a tenth of it. */
const LARGEST_FILE = 1024 * 1024;

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
  if (text.trim() === '') {
    refuse(file, "is empty; it must have 'groups'");
  }
  const settings = parseSettings(text, file, (pattern) =>
    findIncluded(file, pattern).map((name) => ({ file: name, text: textOf(name) })),
  );
  const power = powerOf(settings);
  if (power !== null) {
    // Who can write an included file can write a program into it.
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
  if (hooks.length > 0 || [...checks.values()].some(({ kind }) => kind === 'exec')) {
    return "runs programs ('exec')";
  }
  return [...destinations.values()].some(({ action }) => action === 'file') ? "writes files ('file')" : null;
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
    return `has just been replaced: ${reason(error)}`;
  }
}

function readBounded(file: string): { readonly text: string; readonly stat: Stats } {
  let fd: number;
  try {
    // O_NONBLOCK: a named pipe without a writer must not hold the start for ever.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return refuse(file, `cannot be read: ${reason(error)}`);
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
    return { text: decode(file, bytes.subarray(0, length)), stat };
  } finally {
    closeSync(fd);
  }
}

function decode(file: string, bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(file, 'is not UTF-8 text');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\0-\x08\v\f\x0e-\x1f]/.test(text)) {
    return refuse(file, 'is a binary file, not text: it holds control characters');
  }
  return text;
}

function refuse(file: string, message: string): never {
  throw fileError(file, message);
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'permission denied';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
