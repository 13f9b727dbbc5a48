import { decodeText } from '@ifdepd/libc';

/** Whether `text` is what {@link decodeText} makes of the bytes; allocates nothing where both are ASCII. */
export function isText(bytes: Uint8Array, at: number, length: number, text: string): boolean {
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + i] as number;
    if (byte >= 0x80) {
      return decodeText(bytes, at, length) === text;
    }
    if (text.charCodeAt(i) !== byte) {
      return false;
    }
  }
  return text.length === length;
}
