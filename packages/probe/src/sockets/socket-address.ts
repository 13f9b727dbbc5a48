import type { Target } from '@ifdepd/libc';
import type { ProbeAbi } from '../abi/probe-abi.ts';
import type { IpAddress } from '../target/ip-address.ts';

/** Sizes of struct sockaddr_in and sockaddr_in6, and where the address stands in each: the same on every system. */
const IPV4 = { size: 16, at: 4 } as const;
const IPV6 = { size: 28, at: 8 } as const;

/**
 * `struct sockaddr_in` or `sockaddr_in6` of a system.
 *
 * @param scope the index of the interface that an address of one link belongs to; 0 for others
 */
export function socketAddress(
  target: Target,
  abi: Pick<ProbeAbi, 'addressLength'>,
  { family, bytes }: Pick<IpAddress, 'family' | 'bytes'>,
  port: number,
  scope = 0,
): Uint8Array {
  const { size, at } = family === 'ipv4' ? IPV4 : IPV6;
  const address = new Uint8Array(size);
  const view = new DataView(address.buffer);
  const number = family === 'ipv4' ? target.socket.AF_INET : target.socket.AF_INET6;
  if (abi.addressLength) {
    address.set([size, number]);
  } else {
    view.setUint16(0, number, true);
  }
  view.setUint16(2, port);
  address.set(bytes, at);
  if (family === 'ipv6') {
    view.setUint32(24, scope, true);
  }
  return address;
}

/** Whether an address of {@link socketAddress} that a call wrote has these bytes as its host. */
export function isFrom(address: Uint8Array, { family, bytes }: IpAddress): boolean {
  const { at } = family === 'ipv4' ? IPV4 : IPV6;
  return bytes.every((byte, index) => byte === address[at + index]);
}
