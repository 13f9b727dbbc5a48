import { bytesGiven } from './given.ts';

/** An address of 4 or 16 bytes as text, IPv6 in its canonical form (RFC 5952): `192.0.2.1`, `2001:db8::1`. */
export function addressText(bytes: Uint8Array): string {
  bytesGiven('addressText: bytes', bytes);
  if (bytes.byteLength === 4) {
    return bytes.join('.');
  }
  const words = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0));
  const { from, length } = longestZeros(words);
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  return length < 2 ? text(words) : `${text(words.slice(0, from))}::${text(words.slice(from + length))}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(words: readonly number[]): { readonly from: number; readonly length: number } {
  let longest = { from: 0, length: 0 };
  let length = 0;
  for (const [at, word] of words.entries()) {
    length = word === 0 ? length + 1 : 0;
    if (length > longest.length) {
      longest = { from: at + 1 - length, length };
    }
  }
  return longest;
}

/**
 * The 4 or 16 bytes of an address in text form, without its zone; null for any other text. What routeTo() asks for.
 */
export function addressBytes(text: string): Uint8Array | null {
  if (typeof text !== 'string') {
    throw new TypeError(`addressBytes: text must be a string, not ${String(text)}`);
  }
  const [address = ''] = text.split('%');
  // Not imported: few programs that decode messages read addresses.
  switch (process.getBuiltinModule('node:net').isIP(address)) {
    case 4:
      return Uint8Array.from(address.split('.'), Number);
    case 6:
      return ipv6Bytes(address);
    default:
      return null;
  }
}

/** @param address valid */
function ipv6Bytes(address: string): Uint8Array {
  // An IPv4 address at the end becomes two words.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = [], after = []] = canonical
    .split('::')
    .map((part) => part.split(':').filter((word) => word !== ''));
  const zeros: string[] = new Array(8 - before.length - after.length).fill('0');
  return Uint8Array.from(
    [...before, ...zeros, ...after].flatMap((word) => {
      const value = Number.parseInt(word, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}
