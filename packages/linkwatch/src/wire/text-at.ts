import { decodeText } from '@ifdepd/libc';
import type { Cursor } from './cursor.ts';

/**
 * Decodes a name in a field of `size` bytes, up to its first NUL.
 *
 * @throws {DecodeError} past the end
 */
export function textAt(cursor: Cursor, at: number, size: number): string {
  let length = 0;
  while (length < size && cursor.u8(at + length) !== 0) {
    length++;
  }
  return decodeText(cursor.bytes, at, length);
}
