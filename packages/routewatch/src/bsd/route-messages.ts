import { DecodeError } from '@ifdepd/netlink';
import { addressText } from '@ifdepd/netlink/rtnetlink';
import type { AddressRecord, RouteRecord } from '../records.ts';
import { common, type MessageHeader, type RouteAbi } from './route-abi.ts';
import {
  addressBytes,
  ipText,
  linkIndex,
  linkName,
  maskLength,
  socketAddresses,
  versionOf,
} from './socket-addresses.ts';

const { RTAX_DST, RTAX_GATEWAY, RTAX_NETMASK, RTAX_IFP, RTAX_IFA, RTAX_BRD } = common;

/** rtm_msglen (16 bits), rtm_version and rtm_type stand first on every system, and ifm_hdrlen (16 bits) after them on OpenBSD. */
const MSGLEN = 0;
const VERSION = 2;
const TYPE = 3;
const HDRLEN = 4;
const SHORTEST_MESSAGE = 4;

/** A message of a routing socket, or of a list of sysctl(3). */
export interface RouteMessage {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** The name of an interface by its number; null for one that is not known. */
export type NameOf = (index: number) => string | null;

/**
 * The messages in some bytes, without those of another version.
 *
 * @throws {DecodeError} where the length of one is wrong
 */
export function* messagesIn(bytes: Uint8Array, abi: RouteAbi): Iterable<RouteMessage> {
  for (let at = 0; at < bytes.byteLength; ) {
    const left = bytes.byteLength - at;
    const size = left < SHORTEST_MESSAGE ? 0 : u16(bytes, at + MSGLEN);
    if (size < SHORTEST_MESSAGE || size > left) {
      throw new DecodeError(`a message of ${size} bytes with ${left} left`, at);
    }
    if (bytes[at + VERSION] === abi.RTM_VERSION) {
      yield { type: bytes[at + TYPE] ?? 0, bytes: bytes.subarray(at, at + size) };
    }
    at += size;
  }
}

/** Whether a message reports that a route, an address or an interface has changed. Neighbours are no routes. */
export function reportsChange({ type, bytes }: RouteMessage, { rt_msghdr, hidden }: RouteAbi): boolean {
  const { RTM_ADD, RTM_DELETE, RTM_CHANGE, noChange } = common;
  if (type === RTM_ADD || type === RTM_DELETE || type === RTM_CHANGE) {
    const { rtm_flags } = rt_msghdr;
    return bytes.byteLength < rtm_flags + 4 || (u32(bytes, rtm_flags) & hidden) === 0;
  }
  return !noChange.some((one) => one === type);
}

/**
 * A route of the list NET_RT_DUMP. Null for one that is no route of the table.
 *
 * @throws {DecodeError} where the message is too short
 */
export function decodeRoute(message: RouteMessage, abi: RouteAbi, nameOf: NameOf): RouteRecord | null {
  const { rt_msghdr } = abi;
  const { index, addresses } = opened(message, rt_msghdr, abi);
  const flags = u32(message.bytes, rt_msghdr.rtm_flags);
  const destination = addresses.get(RTAX_DST);
  const version = versionOf(destination, abi);
  if (destination === undefined || version === null || !(flags & common.RTF_UP) || flags & abi.hidden) {
    return null;
  }
  const bytes = addressBytes(destination, version);
  const gateway = addresses.get(RTAX_GATEWAY);
  const hopIndex = index || linkIndex(gateway) || linkIndex(addresses.get(RTAX_IFP)) || null;
  return {
    family: version === 4 ? 'ipv4' : 'ipv6',
    destination: `${addressText(bytes)}/${lengthOf(bytes, flags, addresses.get(RTAX_NETMASK), version)}`,
    source: null,
    table: rt_msghdr.rtm_tableid === null ? 0 : u16(message.bytes, rt_msghdr.rtm_tableid),
    metric: rt_msghdr.rtm_priority === null ? 0 : (message.bytes[rt_msghdr.rtm_priority] ?? 0),
    tos: 0,
    type: flags & common.RTF_BLACKHOLE ? 'blackhole' : flags & common.RTF_REJECT ? 'unreachable' : 'unicast',
    protocol: null,
    preferredSource: null,
    nextHops: [
      {
        interface: hopIndex === null ? null : nameOf(hopIndex),
        index: hopIndex,
        gateway: flags & common.RTF_GATEWAY ? ipText(gateway, abi) : null,
        weight: 1,
        onLink: false,
        linkDown: false,
        dead: false,
      },
    ],
    nextHopId: null,
  };
}

/**
 * The name of an interface, in an RTM_IFINFO of the list NET_RT_IFLIST; null where it has none.
 *
 * @throws {DecodeError} where the message is too short
 */
export function decodeName(message: RouteMessage, abi: RouteAbi): readonly [number, string] | null {
  const { index, addresses } = opened(message, abi.if_msghdr, abi);
  const name = linkName(addresses.get(RTAX_IFP));
  return name === null ? null : [index, name];
}

/**
 * An address, in an RTM_NEWADDR of the list NET_RT_IFLIST. Null for one that is not of IP.
 *
 * @throws {DecodeError} where the message is too short
 */
export function decodeAddress(message: RouteMessage, abi: RouteAbi, nameOf: NameOf): AddressRecord | null {
  const { index, addresses } = opened(message, abi.ifa_msghdr, abi);
  const own = addresses.get(RTAX_IFA);
  const version = versionOf(own, abi);
  if (own === undefined || version === null) {
    return null;
  }
  const mask = addresses.get(RTAX_NETMASK);
  const prefixLength = mask === undefined ? (version === 4 ? 32 : 128) : maskLength(mask, version);
  // The destination of a point-to-point link stands in the place of the broadcast address, which only nets of IPv4 have.
  const other = ipText(addresses.get(RTAX_BRD), abi);
  const address = addressText(addressBytes(own, version));
  const isHost = prefixLength === (version === 4 ? 32 : 128);
  return {
    family: version === 4 ? 'ipv4' : 'ipv6',
    address,
    prefixLength,
    peer: isHost && other !== address ? other : null,
    interface: nameOf(index),
    index,
    permanent: null,
    deprecated: false,
    tentative: false,
    duplicate: false,
  };
}

/** The number of the interface, and the socket addresses behind the header. */
function opened(
  { bytes }: RouteMessage,
  { size, index, addrs }: MessageHeader,
  abi: RouteAbi,
): { readonly index: number; readonly addresses: ReadonlyMap<number, Uint8Array> } {
  return {
    index: u16(bytes, index),
    addresses: socketAddresses(bytes, size ?? u16(bytes, HDRLEN), u32(bytes, addrs), abi),
  };
}

/** The bits of a destination that count. The default route of some systems has no mask, or one without bytes. */
function lengthOf(bytes: Uint8Array, flags: number, mask: Uint8Array | undefined, version: 4 | 6): number {
  const whole = version === 4 ? 32 : 128;
  if (flags & common.RTF_HOST) {
    return whole;
  }
  if (mask !== undefined) {
    return maskLength(mask, version);
  }
  return bytes.every((byte) => byte === 0) ? 0 : whole;
}

function u16(bytes: Uint8Array, at: number): number {
  need(bytes, at, 2);
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  need(bytes, at, 4);
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}

function need(bytes: Uint8Array, at: number, size: number): void {
  if (at + size > bytes.byteLength) {
    throw new DecodeError(`${size} bytes needed, ${Math.max(0, bytes.byteLength - at)} left`, at);
  }
}
