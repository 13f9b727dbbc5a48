/** An address of 4 or 16 bytes as text, IPv6 in its canonical form (RFC 5952): `192.0.2.1`, `2001:db8::1`. */
export function addressText(bytes: Uint8Array): string {
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
