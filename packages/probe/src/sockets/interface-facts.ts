import { must } from '@ifdepd/libc';
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
  const ask = (request: number) => {
    const bytes = new Uint8Array(REQUEST_BYTES);
    bytes.set(new TextEncoder().encode(name).subarray(0, ANSWER_AT - 1));
    return { bytes, result: libc.ioctl(fd, request, bytes) };
  };
  const index = ask(numbers.SIOCGIFINDEX);
  must(libc, index.result, 'ioctl SIOCGIFINDEX', name);
  const hardware = ask(numbers.SIOCGIFHWADDR);
  must(libc, hardware.result, 'ioctl SIOCGIFHWADDR', name);
  // EADDRNOTAVAIL: it has none.
  const address = ask(numbers.SIOCGIFADDR);
  return {
    index: new DataView(index.bytes.buffer).getInt32(ANSWER_AT, true),
    hardware: hardware.bytes.slice(ANSWER_AT + 2, ANSWER_AT + 8),
    address: address.result < 0 ? new Uint8Array(4) : address.bytes.slice(ANSWER_AT + 4, ANSWER_AT + 8),
  };
}
