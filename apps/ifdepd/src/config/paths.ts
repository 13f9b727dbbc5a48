import { isAbsolute } from 'node:path';

/** Bytes of the longest path that systems open (PATH_MAX of Linux with its final NUL; the BSDs have 1024). */
const LONGEST_PATH = 4095;

/** Bytes of the longest name of a file (NAME_MAX). */
const LONGEST_NAME = 255;

/** Bytes of the longest argument of a program (MAX_ARG_STRLEN of Linux with its final NUL). */
const LONGEST_ARGUMENT = 131_071;

/** What is wrong with a text as the absolute path of a file; null for nothing. */
export function pathFault(path: string): string | null {
  const bytes = Buffer.byteLength(path);
  if (!isAbsolute(path)) {
    return `must be an absolute path, not ${JSON.stringify(path)}`;
  }
  if (bytes > LONGEST_PATH) {
    return `has ${bytes} bytes; a path has at most ${LONGEST_PATH}`;
  }
  if (path.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME)) {
    return `has a name of more than ${LONGEST_NAME} bytes in it, which no file has`;
  }
  return characterFault(path);
}

/** What is wrong with a text as an argument of a program; null for nothing. */
export function argumentFault(argument: string): string | null {
  const bytes = Buffer.byteLength(argument);
  return bytes > LONGEST_ARGUMENT
    ? `has ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}`
    : characterFault(argument);
}

/** Systems end a text at the first NUL, and half of a surrogate pair has no bytes. */
function characterFault(text: string): string | null {
  if (text.includes('\0')) {
    return 'has a NUL character in it, which no path and no argument has';
  }
  return /\p{Cs}/u.test(text) ? 'has half of a character in it (a surrogate without its pair)' : null;
}
