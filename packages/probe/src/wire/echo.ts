import { internetChecksum } from './internet-checksum.ts';

/** Types of ICMP (RFC 792) and ICMPv6 (RFC 4443) messages. */
export const icmpTypes = {
  ipv4: { request: 8, reply: 0 },
  ipv6: { request: 128, reply: 129 },
} as const;

export type EchoFamily = keyof typeof icmpTypes;

/** Type, code, checksum, identifier and sequence number. */
const HEADER_BYTES = 8;

/** What an echo request carries, and its answer must. */
export interface Echo {
  /** 16 bits. A datagram socket of Linux puts its own in. */
  readonly identifier: number;
  /** 16 bits. */
  readonly sequence: number;
  /** Bytes that nobody else sends. */
  readonly token: Uint8Array;
}

/** An echo request. The checksum of ICMPv6 covers addresses, and the kernel computes it. */
export function encodeEchoRequest(family: EchoFamily, { identifier, sequence, token }: Echo): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + token.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = icmpTypes[family].request;
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  bytes.set(token, HEADER_BYTES);
  if (family === 'ipv4') {
    view.setUint16(2, internetChecksum(bytes));
  }
  return bytes;
}

/**
 * Whether received bytes are the answer to a request.
 *
 * @param bytes of ICMP, or of IPv4 with ICMP in it, as raw sockets and the datagram socket of macOS give them
 * @param identifier null where the kernel has matched it
 */
export function isEchoReply(
  family: EchoFamily,
  bytes: Uint8Array,
  identifier: number | null,
  { sequence, token }: Pick<Echo, 'sequence' | 'token'>,
): boolean {
  const icmp = family === 'ipv4' ? behindIpv4(bytes) : bytes;
  if (icmp.length < HEADER_BYTES + token.length || icmp[0] !== icmpTypes[family].reply) {
    return false;
  }
  const view = new DataView(icmp.buffer, icmp.byteOffset, icmp.byteLength);
  return (
    (identifier === null || view.getUint16(4) === identifier) &&
    view.getUint16(6) === sequence &&
    token.every((byte, at) => byte === icmp[HEADER_BYTES + at])
  );
}

/** No type of ICMP begins with 4 in its upper half where the first byte is that of an answer, which is 0. */
function behindIpv4(bytes: Uint8Array): Uint8Array {
  const first = bytes[0] ?? 0;
  return first >> 4 === 4 ? bytes.subarray(4 * (first & 0xf)) : bytes;
}
