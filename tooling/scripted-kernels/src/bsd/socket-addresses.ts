export const AF_INET = 2;
const AF_LINK = 18;

/** A net: its address, and how many bits of it count. */
export interface Net {
  readonly address: string;
  readonly length: number;
}

/** `192.0.2.0/24` as a net. */
export function netOf(text: string): Net {
  const [address = '', length = ''] = text.split('/');
  return { address, length: Number(length) };
}

/** A `sockaddr_in` of 16 bytes, or a `sockaddr_in6` of 28. IPv6 is written in full: `2001:db8:0:0:0:0:0:1`. */
export function internetAddress(text: string, AF_INET6: number): Uint8Array {
  if (!text.includes(':')) {
    return Uint8Array.of(16, AF_INET, 0, 0, ...text.split('.').map(Number), 0, 0, 0, 0, 0, 0, 0, 0);
  }
  const bytes = new Uint8Array(28);
  bytes.set([28, AF_INET6]);
  for (const [at, word] of text.split(':').entries()) {
    new DataView(bytes.buffer).setUint16(8 + 2 * at, Number.parseInt(word, 16));
  }
  return bytes;
}

/** The mask of a net. As on NetBSD, its family is no family, and its end is left off where that is 0. */
export function mask({ address, length }: Net, AF_INET6: number): Uint8Array {
  const whole = internetAddress(address, AF_INET6);
  const from = address.includes(':') ? 8 : 4;
  const bytes = new Uint8Array(length === 0 ? 0 : from + Math.ceil(length / 8)).fill(0xff);
  if (length % 8 !== 0) {
    bytes[bytes.byteLength - 1] = 0xff << (8 - (length % 8));
  }
  bytes[0] = Math.min(bytes.byteLength, whole.byteLength);
  return bytes;
}

/** A `sockaddr_dl` with the number of an interface alone: the gateway of a net on the link. */
export function linkGateway(index: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set([20, AF_LINK, index & 0xff, index >> 8]);
  return bytes;
}
