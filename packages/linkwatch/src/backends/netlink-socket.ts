import { type Libc, must } from '@ifdepd/libc';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';

/** SO_RCVBUFFORCE goes beyond net.core.rmem_max, with CAP_NET_ADMIN; without, as much as everybody may have. */
export function setReceiveBuffer(
  libc: Libc,
  fd: number,
  abi: NetlinkAbi,
  bytes: number,
  subject: string,
): void {
  const { SOL_SOCKET, SO_RCVBUFFORCE, SO_RCVBUF } = abi.socket;
  const value = int32(bytes, abi);
  if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value) < 0) {
    must(libc, libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value), 'setsockopt SO_RCVBUF', subject);
  }
}

/** The value of most options. */
export function int32(value: number, abi: NetlinkAbi): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, abi.littleEndian);
  return bytes;
}

/** struct sockaddr_nl, linux/netlink.h: nl_family 0, nl_pid 4, nl_groups 8. */
export function netlinkAddress(abi: NetlinkAbi, groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, abi.socket.AF_NETLINK, abi.littleEndian);
  view.setUint32(8, groups, abi.littleEndian);
  return bytes;
}
