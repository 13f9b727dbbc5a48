import { readSync } from 'node:fs';

/**
 * The contents of a file or a pipe, up to its end. A pipe may never end: no more is read than is asked for.
 *
 * @returns null where it holds more bytes than `most`
 */
export function readAtMost(fd: number, most: number): Buffer | null {
  const bytes = Buffer.alloc(most + 1);
  let length = 0;
  for (;;) {
    const read = readSync(fd, bytes, length, bytes.length - length, null);
    length += read;
    if (length > most) {
      return null;
    }
    if (read === 0) {
      return bytes.subarray(0, length);
    }
  }
}
