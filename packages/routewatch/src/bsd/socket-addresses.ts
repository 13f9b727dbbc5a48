import { decodeText } from '@ifdepd/libc';
import { DecodeError } from '@ifdepd/netlink';
import { addressText } from '@ifdepd/netlink/rtnetlink';
import { common, type RouteAbi } from './route-abi.ts';

const { AF_INET, AF_LINK } = common;

/** `struct sockaddr`: sa_len, sa_family. `sockaddr_in` has its address at 4, `sockaddr_in6` at 8. */
const SA_FAMILY = 1;
const SIN_ADDR = 4;
const SIN6_ADDR = 8;
/** `struct sockaddr_dl`: sdl_index (16 bits), sdl_nlen, and the name. */
const SDL_INDEX = 2;
const SDL_NLEN = 5;
const SDL_DATA = 8;

/**
 * The socket addresses behind the header of a message, by RTAX_*. They stand in the order of their bits.
 *
 * @throws {DecodeError} where one does not fit
 */
export function socketAddresses(
  message: Uint8Array,
  from: number,
  addrs: number,
  { sockaddrAlign }: RouteAbi,
): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  let at = from;
  for (let bit = 0; bit < 32 && at < message.byteLength; bit += 1) {
    if ((addrs & (1 << bit)) === 0) {
      continue;
    }
    const length = message[at] ?? 0;
    if (length > message.byteLength - at) {
      throw new DecodeError(`a socket address of ${length} bytes with ${message.byteLength - at} left`, at);
    }
    found.set(bit, message.subarray(at, at + length));
    // A length of 0 takes one unit (the macros ROUNDUP and SA_SIZE).
    at += Math.max(sockaddrAlign, Math.ceil(length / sockaddrAlign) * sockaddrAlign);
  }
  return found;
}

/** The version of IP of a socket address; null for another one, and for none. */
export function versionOf(address: Uint8Array | undefined, { AF_INET6 }: RouteAbi): 4 | 6 | null {
  const family = address?.[SA_FAMILY];
  return family === AF_INET ? 4 : family === AF_INET6 ? 6 : null;
}

/** The 4 or 16 bytes of an address. Bytes that the kernel has left off are 0. */
export function addressBytes(address: Uint8Array, version: 4 | 6): Uint8Array {
  const bytes = new Uint8Array(version === 4 ? 4 : 16);
  bytes.set(address.subarray(offsetOf(version)).subarray(0, bytes.byteLength));
  // In a link-local address the kernel keeps the number of the interface (KAME).
  if (version === 6 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80) {
    bytes.fill(0, 2, 4);
  }
  return bytes;
}

/** The address as text; null for one that is not of IP. */
export function ipText(address: Uint8Array | undefined, abi: RouteAbi): string | null {
  const version = versionOf(address, abi);
  return address === undefined || version === null ? null : addressText(addressBytes(address, version));
}

/** The bits that a mask sets. Its family is not to be trusted, and its end is left off where that is 0. */
export function maskLength(mask: Uint8Array, version: 4 | 6): number {
  let length = 0;
  for (const byte of mask.subarray(offsetOf(version)).subarray(0, version === 4 ? 4 : 16)) {
    for (let bit = 0x80; bit !== 0 && (byte & bit) !== 0; bit >>= 1) {
      length += 1;
    }
  }
  return length;
}

/** The number of the interface in a `struct sockaddr_dl`; null where there is none. */
export function linkIndex(address: Uint8Array | undefined): number | null {
  if (address?.[SA_FAMILY] !== AF_LINK || address.byteLength < SDL_DATA) {
    return null;
  }
  return (address[SDL_INDEX] ?? 0) | ((address[SDL_INDEX + 1] ?? 0) << 8) || null;
}

/** The name of the interface in a `struct sockaddr_dl`; null where there is none. */
export function linkName(address: Uint8Array | undefined): string | null {
  const size = address?.[SDL_NLEN] ?? 0;
  return address?.[SA_FAMILY] !== AF_LINK || size === 0 || SDL_DATA + size > address.byteLength
    ? null
    : decodeText(address, SDL_DATA, size);
}

function offsetOf(version: 4 | 6): number {
  return version === 4 ? SIN_ADDR : SIN6_ADDR;
}
