import { type Libc, must, type OwnedFd, openSocket } from '@ifdepd/libc';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { BpfInstruction } from '../wire/bpf.ts';
import { SocketFilter } from './socket-filter.ts';

/** What a socket that hears of links is to be like. */
interface LinkSocketOptions {
  readonly subject: string;
  /** How many bytes of messages the kernel keeps for us. */
  readonly receiveBufferBytes: number;
  /** An option of SOL_NETLINK that is set to 1 where the kernel knows it and lets us; null for none. */
  readonly wish: number | null;
  /** Whether a receive without MSG_DONTWAIT waits. Default: false. */
  readonly blocks?: boolean;
  /** What it hears of from the start. Default: of all links. */
  readonly program?: readonly BpfInstruction[];
}

/**
 * A socket that is in the group of links from the start.
 *
 * @throws {SystemError} where there are no netlink sockets, or not for us
 */
export function openLinkSocket(
  libc: Libc,
  abi: NetlinkAbi,
  { subject, receiveBufferBytes, wish, blocks = false, program }: LinkSocketOptions,
): OwnedFd {
  const { AF_NETLINK, SOCK_RAW, SOCK_NONBLOCK, NETLINK_ROUTE, SOL_NETLINK, RTMGRP_LINK } = abi.socket;
  const type = blocks ? SOCK_RAW : SOCK_RAW | SOCK_NONBLOCK;
  const owned = openSocket(libc, AF_NETLINK, type, NETLINK_ROUTE, subject);
  try {
    setReceiveBuffer(libc, owned.fd, abi, receiveBufferBytes, subject);
    if (wish !== null) {
      libc.setsockopt(owned.fd, SOL_NETLINK, wish, int32(1, abi));
    }
    if (program !== undefined) {
      must(
        libc,
        new SocketFilter(libc, abi).attach(owned.fd, program),
        'setsockopt SO_ATTACH_FILTER',
        subject,
      );
    }
    must(libc, libc.bind(owned.fd, netlinkAddress(abi, RTMGRP_LINK)), 'bind', subject);
  } catch (error) {
    owned.close();
    throw error;
  }
  return owned;
}

/** SO_RCVBUFFORCE goes beyond net.core.rmem_max, with CAP_NET_ADMIN; without, as much as everybody may have. */
function setReceiveBuffer(libc: Libc, fd: number, abi: NetlinkAbi, bytes: number, subject: string): void {
  const { SOL_SOCKET, SO_RCVBUFFORCE, SO_RCVBUF } = abi.socket;
  const value = int32(bytes, abi);
  if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value) < 0) {
    must(libc, libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value), 'setsockopt SO_RCVBUF', subject);
  }
}

/** The value of most options. */
function int32(value: number, abi: NetlinkAbi): Uint8Array {
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
