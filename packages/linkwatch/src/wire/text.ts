const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A name as text. The kernel treats names as bytes; nearly all are ASCII. UTF-8 is decoded; in a name that is not
 * UTF-8 every byte from 0x80 on becomes the lone surrogate U+DC00 + byte (as Python's `surrogateescape`), which no
 * valid text contains: different bytes always give different strings.
 */
export function decodeText(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) {
      return decodeBeyondAscii(bytes.subarray(at, at + length));
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

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

/** The bytes that {@link decodeText} makes `text` of. */
export function encodeText(text: string): Uint8Array {
  // With the u flag a surrogate that is half of a pair does not match.
  return /[\u{dc80}-\u{dcff}]/u.test(text)
    ? Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff)
    : new TextEncoder().encode(text);
}

function decodeBeyondAscii(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return String.fromCharCode(...Array.from(bytes, (byte) => (byte < 0x80 ? byte : 0xdc00 + byte)));
  }
}
