import { internetChecksum } from './internet-checksum.ts';

/** The protocol number of VRRP, which CARP uses too. */
export const ADVERT_PROTOCOL = 112;

/** An advertisement of VRRP (RFC 3768, RFC 9568) or CARP (netinet/ip_carp.h of OpenBSD): its sender is master. */
export interface Advert {
  readonly protocol: 'VRRPv2' | 'VRRPv3' | 'CARP';
  /** The address of its sender: 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** VRID, or VHID. */
  readonly vrid: number;
  /** That of VRRP, 0 to 255. For CARP minus the interval: the router that advertises more often is master. */
  readonly priority: number;
  /** Milliseconds between two advertisements, as it says. */
  readonly intervalMs: number;
  /** Milliseconds without the next one after which its sender is gone: three intervals and the skew of its priority. */
  readonly lastsMs: number;
  /** Whether its sender is master no longer. */
  readonly givesUp: boolean;
}

/** Why a packet of this protocol is no advertisement. */
export type AdvertFault = 'malformed' | 'hop limit' | 'checksum';

/** Only a sender on the link can have this hop limit. */
const HOP_LIMIT = 255;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
/** The fixed part of VRRP, the authentication data of version 2, and the whole of CARP. */
const VRRP_BYTES = 8;
const AUTHENTICATION_BYTES = 8;
const CARP_BYTES = 36;
/** CARP: the length of its counter and digest in words of 32 bits, where VRRP counts addresses. */
const CARP_WORDS = 7;

/** @param packet from the header of IPv4 or IPv6 on, perhaps with the padding of the link behind it */
export function decodeAdvert(packet: Uint8Array): Advert | AdvertFault {
  if (!(packet instanceof Uint8Array)) {
    throw new TypeError(`decodeAdvert: packet must be a Uint8Array, not ${String(packet)}`);
  }
  const parts = (packet[0] ?? 0) >> 4 === 4 ? ipv4Parts(packet) : ipv6Parts(packet);
  if (parts === null || parts.message.length < VRRP_BYTES) {
    return 'malformed';
  }
  if (parts.hopLimit !== HOP_LIMIT) {
    return 'hop limit';
  }
  const { message } = parts;
  switch (message[0]) {
    case 0x21:
      return message.length === CARP_BYTES && message[3] === CARP_WORDS ? carp(parts) : version2(parts);
    case 0x31:
      return version3(parts);
    default:
      return 'malformed';
  }
}

interface Parts {
  readonly hopLimit: number;
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly message: Uint8Array;
}

function ipv4Parts(packet: Uint8Array): Parts | null {
  const headerBytes = 4 * ((packet[0] ?? 0) & 0xf);
  const bytes = uint16(packet, 2);
  const isFragment = (uint16(packet, 6) & 0x3fff) !== 0;
  if (headerBytes < IPV4_BYTES || bytes < headerBytes || bytes > packet.length || isFragment) {
    return null;
  }
  return packet[9] === ADVERT_PROTOCOL
    ? {
        hopLimit: packet[8] as number,
        source: packet.slice(12, 16),
        target: packet.subarray(16, 20),
        message: packet.subarray(headerBytes, bytes),
      }
    : null;
}

function ipv6Parts(packet: Uint8Array): Parts | null {
  const bytes = IPV6_BYTES + uint16(packet, 4);
  const isOne = (packet[0] ?? 0) >> 4 === 6 && packet[6] === ADVERT_PROTOCOL;
  return isOne && bytes <= packet.length
    ? {
        hopLimit: packet[7] as number,
        source: packet.slice(8, 24),
        target: packet.subarray(24, IPV6_BYTES),
        message: packet.subarray(IPV6_BYTES, bytes),
      }
    : null;
}

/** A password may follow: it is not looked at. */
function version2({ message, source }: Parts): Advert | AdvertFault {
  const [, vrid = 0, priority = 0, count = 0, , seconds = 0] = message;
  const isWhole = message.length >= VRRP_BYTES + 4 * count + AUTHENTICATION_BYTES;
  if (!isWhole || source.length !== 4 || vrid === 0 || seconds === 0) {
    return 'malformed';
  }
  if (internetChecksum(message) !== 0) {
    return 'checksum';
  }
  // RFC 3768, 6.1: the skew of version 2 does not depend on the interval.
  const skewMs = (1000 * (256 - priority)) / 256;
  return advert('VRRPv2', { source, vrid, priority, intervalMs: 1000 * seconds, skewMs });
}

function version3(parts: Parts): Advert | AdvertFault {
  const { message, source } = parts;
  const [, vrid = 0, priority = 0, count = 0] = message;
  const intervalMs = 10 * (uint16(message, 4) & 0xfff);
  if (message.length < VRRP_BYTES + source.length * count || vrid === 0 || intervalMs === 0) {
    return 'malformed';
  }
  // Routers differ in whether the checksum over IPv4 covers the pseudo-header.
  const isRight =
    internetChecksum(withPseudoHeader(parts)) === 0 ||
    (source.length === 4 && internetChecksum(message) === 0);
  if (!isRight) {
    return 'checksum';
  }
  const skewMs = (intervalMs * (256 - priority)) / 256;
  return advert('VRRPv3', { source, vrid, priority, intervalMs, skewMs });
}

function carp({ message, source }: Parts): Advert | AdvertFault {
  const [, vrid = 0, skew = 0, , , base = 0] = message;
  if (vrid === 0 || (base === 0 && skew === 0)) {
    return 'malformed';
  }
  if (internetChecksum(message) !== 0) {
    return 'checksum';
  }
  const intervalMs = 1000 * (base + skew / 256);
  // carp_send_ad(): the longest interval of all is sent when the interface is set down.
  const givesUp = base === 255 && skew === 255;
  return {
    protocol: 'CARP',
    source,
    vrid,
    priority: -intervalMs,
    intervalMs,
    lastsMs: 3 * intervalMs,
    givesUp,
  };
}

function advert(
  protocol: 'VRRPv2' | 'VRRPv3',
  {
    skewMs,
    ...said
  }: Pick<Advert, 'source' | 'vrid' | 'priority' | 'intervalMs'> & { readonly skewMs: number },
): Advert {
  return { protocol, ...said, lastsMs: 3 * said.intervalMs + skewMs, givesUp: said.priority === 0 };
}

/** RFC 8200, 8.1; for IPv4 the words of RFC 793, which have the same sum. */
function withPseudoHeader({ source, target, message }: Parts): Uint8Array {
  const bytes = new Uint8Array(2 * source.length + 4 + message.length);
  bytes.set(source);
  bytes.set(target, source.length);
  bytes.set([message.length >> 8, message.length & 0xff, 0, ADVERT_PROTOCOL], 2 * source.length);
  bytes.set(message, 2 * source.length + 4);
  return bytes;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
