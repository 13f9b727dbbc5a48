import { isIP } from 'node:net';

/** The canonical text of an IPv6 address (RFC 5952). */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** The bytes of an address in text form, without its zone; null for any other text. */
export function parseAddress(text: string): Uint8Array | null {
  const [address = ''] = text.split('%');
  if (isIP(address) === 4) {
    return Uint8Array.from(address.split('.'), Number);
  }
  if (isIP(address) !== 6) {
    return null;
  }
  const [head = '', tail = ''] = canonical(address).split('::');
  const [before, after] = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const words = [...(before ?? []), ...Array.from({ length: zeros }, () => '0'), ...(after ?? [])];
  return Uint8Array.from(
    words.flatMap((word) => {
      const value = Number.parseInt(word, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}
