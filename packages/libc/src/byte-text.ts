import { text as checkText, shown } from './arguments.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Decodes a name. Kernels treat names of interfaces as bytes, and nearly all are ASCII. UTF-8 is decoded. In a name that is not
 * UTF-8, every byte from 0x80 on becomes the lone surrogate U+DC00 + byte, which no valid text contains (Python's
 * `surrogateescape` does the same). So different bytes always give different strings, and {@link encodeText} restores the bytes.
 * Throws for nothing but a value that is no bytes.
 *
 * @param at the offset of the first byte. Default: 0
 * @param length in bytes. Default: to the end
 *
 * @example
 * ```ts
 * import { decodeText, encodeText } from '@ifdepd/libc';
 *
 * const name = decodeText(Uint8Array.of(0x65, 0x74, 0x68, 0xff));
 * console.log(encodeText(name).join()); // 101,116,104,255
 * ```
 */
export function decodeText(bytes: Uint8Array, at = 0, length?: number): string {
  if (!ArrayBuffer.isView(bytes)) {
    throw new TypeError(`decodeText: bytes must be a Uint8Array, not ${shown(bytes)}`);
  }
  const end = length === undefined ? bytes.byteLength : at + length;
  let text = '';
  for (let i = at; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) {
      return decodeBeyondAscii(bytes.subarray(at, end));
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Encodes a name: the bytes that {@link decodeText} decodes to this text. */
export function encodeText(text: string): Uint8Array {
  checkText('encodeText: text', text);
  // With the u flag a surrogate that is half of a pair does not match.
  if (!/[\u{dc80}-\u{dcff}]/u.test(text)) {
    return encoder.encode(text);
  }
  return Uint8Array.from(
    Array.from(text).flatMap((character) => {
      const code = character.charCodeAt(0);
      const escaped = character.length === 1 && code >= 0xdc80 && code <= 0xdcff;
      return escaped ? [code & 0xff] : [...encoder.encode(character)];
    }),
  );
}

function decodeBeyondAscii(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return String.fromCharCode(...Array.from(bytes, (byte) => (byte < 0x80 ? byte : 0xdc00 + byte)));
  }
}
