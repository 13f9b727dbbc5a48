import { isAbsolute } from 'node:path';
import type { Reader } from './reader.ts';

/** Bytes of the longest path that systems open (PATH_MAX of Linux with its final NUL; the BSDs have 1024). */
const LONGEST_PATH = 4095;

/** Bytes of the longest name of a file (NAME_MAX). */
const LONGEST_NAME = 255;

/** Bytes of the longest argument of a program (MAX_ARG_STRLEN of Linux with its final NUL). */
const LONGEST_ARGUMENT = 131_071;

/** Reads the absolute path of a file; what no system could open is noted. */
export function readPath(reader: Reader): string {
  const path = reader.text('the path of a file');
  if (path === '') {
    return path;
  }
  if (!isAbsolute(path)) {
    reader.fail(`must be an absolute path, not ${JSON.stringify(path)}`);
  }
  refuseUnsayable(reader, path);
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    reader.fail(`has ${Buffer.byteLength(path)} bytes; a path has at most ${LONGEST_PATH}`);
  } else if (path.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME)) {
    reader.fail(`has a name of more than ${LONGEST_NAME} bytes in it, which no file has`);
  }
  return path;
}

/** Notes what cannot be handed to a program as an argument. */
export function refuseArgument(reader: Reader, argument: string): void {
  refuseUnsayable(reader, argument);
  const bytes = Buffer.byteLength(argument);
  if (bytes > LONGEST_ARGUMENT) {
    reader.fail(`has ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}`);
  }
}

/** Systems end a text at the first NUL, and half of a surrogate pair has no bytes. */
function refuseUnsayable(reader: Reader, text: string): void {
  if (text.includes('\0')) {
    reader.fail('has a NUL character in it, which no path and no argument has');
  } else if (/\p{Cs}/u.test(text)) {
    reader.fail('has half of a character in it (a surrogate without its pair)');
  }
}
