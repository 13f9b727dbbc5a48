import {
  type Libc,
  list,
  loadLibc,
  must,
  objectWith,
  openSocket,
  SystemError,
  shown,
  text,
  wholeNumber,
} from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { BpfInstruction } from '../wire/bpf.ts';
import { objectGiven } from '../wire/given.ts';
import { int32, NetlinkSocket, netlinkAddress } from './netlink-socket.ts';
import { SocketFilter } from './socket-filter.ts';

/** The parts of a dump are made as large as the reader's buffer, up to 32 KiB (netlink_dump()): fewer calls. */
const BUFFER_BYTES = 32 * 1024;

/** How to open a netlink socket. */
export interface NetlinkSocketOptions {
  /** The calls it makes. Default: those of this system. */
  readonly libc?: Libc;
  /** Default: NETLINK_ROUTE. */
  readonly protocol?: number;
  /** What it is for, in errors. Default: `rtnetlink socket`, or `netlink socket` for another protocol. */
  readonly subject?: string;
  /** Groups of notifications that it is in from the start, by number: 1 to 32. Default: none. */
  readonly groups?: readonly number[];
  /**
   * Bytes of messages that the kernel queues. Default: net.core.rmem_default. Without CAP_NET_ADMIN it is net.core.rmem_max at
   * most.
   */
  readonly receiveBufferBytes?: number;
  /** How large a datagram is expected to be: a larger one is lost once, and makes the buffer grow. Default: 32 KiB. */
  readonly bufferBytes?: number;
  /** Options of SOL_NETLINK that are set to 1 where the kernel knows them and permits it. Default: none. */
  readonly wishes?: readonly number[];
  /** What it drops from the start. Default: nothing. */
  readonly program?: readonly BpfInstruction[];
  /** Whether a receive waits. Default: false. {@link NetlinkSocket.receive} then waits too. */
  readonly blocks?: boolean;
}

/**
 * Opens a netlink socket. It is in its groups, with its filter, before anything can be queued.
 *
 * @throws {SystemError} where the kernel refuses the socket, its group or its filter, and on a system that is not Linux
 * @throws {TypeError | RangeError} where an option is wrong, before anything is opened
 */
export function openNetlinkSocket(options: NetlinkSocketOptions = {}): NetlinkSocket {
  objectGiven('openNetlinkSocket: options', options);
  const { libc = loadLibc(), protocol = linux.socket.NETLINK_ROUTE, blocks = false } = options;
  const { subject = `${protocol === linux.socket.NETLINK_ROUTE ? 'rt' : ''}netlink socket` } = options;
  check(libc, options, subject);
  if (!libc.target.rtnetlink) {
    throw new SystemError(libc.target, libc.target.errnoOf.ENOSYS, 'socket AF_NETLINK', subject);
  }
  const { SOCK_RAW, SOCK_NONBLOCK } = libc.target.socket;
  const type = blocks ? SOCK_RAW : SOCK_RAW | SOCK_NONBLOCK;
  const owned = openSocket(libc, linux.socket.AF_NETLINK, type, protocol, subject);
  try {
    prepare(libc, owned.fd, subject, options);
    return new NetlinkSocket(libc, owned, subject, options.bufferBytes ?? BUFFER_BYTES);
  } catch (error) {
    owned.close();
    throw error;
  }
}

function check(
  libc: Libc,
  { groups = [], receiveBufferBytes = 1, bufferBytes = 1, wishes = [], blocks = false }: NetlinkSocketOptions,
  subject: string,
): void {
  const BYTES = { least: 1, most: 0x7fff_ffff } as const;
  objectWith('openNetlinkSocket: libc', libc, 'target', 'socket', 'recvfrom');
  wholeNumber('openNetlinkSocket: receiveBufferBytes', receiveBufferBytes, BYTES);
  wholeNumber('openNetlinkSocket: bufferBytes', bufferBytes, BYTES);
  text('openNetlinkSocket: subject', subject);
  if (typeof blocks !== 'boolean') {
    throw new TypeError(`openNetlinkSocket: blocks must be true or false, not ${shown(blocks)}`);
  }
  for (const wish of list('openNetlinkSocket: wishes', wishes)) {
    wholeNumber('openNetlinkSocket: a wish', wish, BYTES);
  }
  for (const group of list('openNetlinkSocket: groups', groups)) {
    wholeNumber('openNetlinkSocket: a group', group, { least: 1, most: 32 });
  }
}

function prepare(libc: Libc, fd: number, subject: string, options: NetlinkSocketOptions): void {
  const { groups = [], receiveBufferBytes, wishes = [], program } = options;
  if (receiveBufferBytes !== undefined) {
    setReceiveBuffer(libc, fd, receiveBufferBytes, subject);
  }
  for (const wish of wishes) {
    libc.setsockopt(fd, linux.socket.SOL_NETLINK, wish, int32(1));
  }
  if (program !== undefined) {
    must(libc, new SocketFilter(libc, fd).attach(program), 'setsockopt SO_ATTACH_FILTER', subject);
  }
  if (groups.length > 0) {
    const mask = groups.reduce((bits, group) => bits | (1 << (group - 1)), 0);
    must(libc, libc.bind(fd, netlinkAddress(mask)), 'bind', subject);
  }
}

/** SO_RCVBUFFORCE goes beyond net.core.rmem_max, and needs CAP_NET_ADMIN. SO_RCVBUF goes up to net.core.rmem_max. */
function setReceiveBuffer(libc: Libc, fd: number, bytes: number, subject: string): void {
  const { SOL_SOCKET, SO_RCVBUF } = libc.target.socket;
  const value = int32(bytes);
  if (libc.setsockopt(fd, SOL_SOCKET, linux.socket.SO_RCVBUFFORCE, value) < 0) {
    must(libc, libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value), 'setsockopt SO_RCVBUF', subject);
  }
}
