import { type Libc, must } from '@ifdepd/libc';
import type { PacketNumbers } from '../abi/probe-abi.ts';
import type { HostSystem } from './host-system.ts';

/** `struct ifreq` of netdevice(7): a name of up to 15 bytes, and the answer behind it. */
const REQUEST_BYTES = 40;
const ANSWER_AT = 16;

/** What ARP has to know of an interface. */
export interface InterfaceFacts {
  readonly index: number;
  /** 6 bytes. */
  readonly hardware: Uint8Array;
  /** Its first IPv4 address; zeros where it has none. */
  readonly address: Uint8Array;
}

/** @param fd any socket @throws {SystemError} ENODEV where there is no such interface */
export function interfaceFacts(
  { libc }: HostSystem,
  numbers: PacketNumbers,
  fd: number,
  name: string,
): InterfaceFacts {
  const index = interfaceIndexOf(libc, numbers, fd, name);
  const hardware = ask(libc, fd, numbers.SIOCGIFHWADDR, name);
  must(libc, hardware.result, 'ioctl SIOCGIFHWADDR', name);
  // EADDRNOTAVAIL: it has none.
  const address = ask(libc, fd, numbers.SIOCGIFADDR, name);
  return {
    index,
    hardware: hardware.bytes.slice(ANSWER_AT + 2, ANSWER_AT + 8),
    address: address.result < 0 ? new Uint8Array(4) : address.bytes.slice(ANSWER_AT + 4, ANSWER_AT + 8),
  };
}

/** The index of the interface that has a name, or an altname. @throws {SystemError} ENODEV where there is none */
export function interfaceIndexOf(
  libc: Libc,
  { SIOCGIFINDEX }: Pick<PacketNumbers, 'SIOCGIFINDEX'>,
  fd: number,
  name: string,
): number {
  const { bytes, result } = ask(libc, fd, SIOCGIFINDEX, name);
  must(libc, result, 'ioctl SIOCGIFINDEX', name);
  return new DataView(bytes.buffer).getInt32(ANSWER_AT, true);
}

function ask(libc: Libc, fd: number, request: number, name: string) {
  const bytes = new Uint8Array(REQUEST_BYTES);
  bytes.set(new TextEncoder().encode(name).subarray(0, ANSWER_AT - 1));
  return { bytes, result: libc.ioctl(fd, request, bytes) };
}
