import { type Libc, must } from '@ifdepd/libc';
import type { RouteAbi } from '../abi/route-abi.ts';

/** Every observed kernel starts with 8 KiB, so a request for less makes no sense. */
const SMALLEST_BYTES = 8 * 1024;

/**
 * Requests a receive buffer of this size, and half of it each time that the kernel returns ENOBUFS. Each system has its limit in
 * another setting, and beyond the limit the old size stays.
 *
 * @throws {SystemError} when the kernel refuses for another reason
 */
export function setLargestReceiveBuffer(libc: Libc, fd: number, bytes: number, subject: string): void {
  const { socket, errnoOf } = libc.target;
  for (let size = bytes; size >= SMALLEST_BYTES; size = Math.floor(size / 2)) {
    const result = libc.setsockopt(fd, socket.SOL_SOCKET, socket.SO_RCVBUF, int32(size));
    if (result !== -errnoOf.ENOBUFS) {
      must(libc, result, 'setsockopt SO_RCVBUF', subject);
      return;
    }
  }
}

/** Asks the kernel for messages about interfaces and addresses only. Without such an option all messages come. */
export function setMessageFilter(libc: Libc, fd: number, abi: RouteAbi): void {
  const { filter, rtm } = abi;
  if (filter === null) {
    return;
  }
  const wanted = [
    rtm.RTM_IFINFO,
    rtm.RTM_IFANNOUNCE,
    rtm.RTM_NEWADDR,
    rtm.RTM_DELADDR,
    rtm.RTM_NEWMADDR,
    rtm.RTM_DESYNC,
  ];
  const types = wanted.filter((type) => type !== null);
  const value =
    filter.takes === 'types'
      ? Uint8Array.from(types)
      : int32(types.reduce((mask, type) => mask | (1 << type), 0));
  libc.setsockopt(fd, filter.level, filter.option, value);
}

/** An int for setsockopt(2). */
export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
