import { type BpfInstruction, linux } from '@ifdepd/netlink';
import { runFilter } from '@ifdepd/netlink/testing';
import { errno } from './numbers.ts';

/** What the kernel counts for a message beside its bytes: `struct sk_buff` and the rounding of its memory. */
const OVERHEAD = 768;

/** SOCK_MIN_RCVBUF, and net.core.rmem_default. */
const LEAST_BUFFER = 2304;
const USUAL_BUFFER = 212_992;

/** NLMSG_GOODSIZE: a part of a dump before any receive has shown a larger buffer, and where memory is scarce. */
const FIRST_PART = 3776;

/** A dump that has begun: gives its parts as the reader makes room. */
export interface Dump {
  /** The next part, of this many bytes at most; null after the last one. */
  next(bytes: number): Uint8Array | null;
}

/** The memory of a kernel. */
export interface Memory {
  /** Whether it has none for large parts of lists. */
  isScarce: boolean;
}

/** A netlink socket. */
export interface NetlinkSocketState {
  readonly port: number;
  readonly protocol: number;
  blocking: boolean;
  groups: Set<number>;
  program: readonly BpfInstruction[] | null;
  rcvbuf: number;
  readonly queue: { readonly bytes: Uint8Array; readonly sender: number }[];
  used: number;
  /** Messages were dropped: the next receive fails with ENOBUFS. */
  overrun: boolean;
  /** No message is queued until the queue was read empty: NETLINK_S_CONGESTED. */
  congested: boolean;
  /** The list that is being sent. */
  dump: Dump | null;
  /** The largest buffer that a receive has offered. */
  largest: number;
  /** Only messages of the kernel are taken: connect(2). */
  connected: boolean;
  readonly memory: Memory;
}

/** @param port nl_pid, which the kernel gives out */
export function newNetlinkSocket(
  port: number,
  protocol: number,
  blocking: boolean,
  memory: Memory,
): NetlinkSocketState {
  return {
    port,
    protocol,
    blocking,
    groups: new Set(),
    program: null,
    rcvbuf: USUAL_BUFFER,
    queue: [],
    used: 0,
    overrun: false,
    congested: false,
    dump: null,
    largest: 0,
    connected: false,
    memory,
  };
}

/** SO_RCVBUF and SO_RCVBUFFORCE: the kernel doubles it. */
export function setReceiveBuffer(socket: NetlinkSocketState, bytes: number): void {
  socket.rcvbuf = Math.max(LEAST_BUFFER, 2 * bytes);
}

/** Queues a message, if the filter accepts it and there is room: netlink_broadcast_deliver(). @returns whether it is queued */
export function deliver(socket: NetlinkSocketState, bytes: Uint8Array, sender = 0): boolean {
  if (socket.program !== null && runFilter(socket.program, bytes) === 0) {
    return false;
  }
  if (socket.congested || socket.used > socket.rcvbuf) {
    // netlink_overrun(): reported once, until the queue was empty.
    socket.overrun ||= !socket.congested;
    socket.congested = true;
    return false;
  }
  enqueue(socket, bytes, sender);
  return true;
}

function enqueue(socket: NetlinkSocketState, bytes: Uint8Array, sender: number): void {
  socket.queue.push({ bytes, sender });
  socket.used += bytes.byteLength + OVERHEAD;
}

/** Whether a receive has something, or an error, at once. */
export function isReadable(socket: NetlinkSocketState): boolean {
  return socket.overrun || socket.queue.length > 0;
}

/** netlink_recvmsg(). @returns the length of the datagram, as with MSG_TRUNC, or a negated errno */
export function receive(
  socket: NetlinkSocketState,
  into: Uint8Array,
  from: Uint8Array | null,
  truncates: boolean,
): number {
  if (socket.overrun) {
    socket.overrun = false;
    return -errno.ENOBUFS;
  }
  socket.largest = Math.max(socket.largest, into.byteLength);
  const next = socket.queue.shift();
  if (next === undefined) {
    socket.congested = false;
    return -errno.EAGAIN;
  }
  socket.used -= next.bytes.byteLength + OVERHEAD;
  if (socket.dump !== null && socket.used <= socket.rcvbuf / 2) {
    continueDump(socket);
  }
  if (socket.queue.length === 0) {
    socket.congested = false;
  }
  into.set(next.bytes.subarray(0, into.byteLength));
  if (from !== null) {
    const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
    view.setUint16(0, linux.socket.AF_NETLINK, true);
    view.setUint32(4, next.sender, true);
  }
  return truncates ? next.bytes.byteLength : Math.min(next.bytes.byteLength, into.byteLength);
}

/** netlink_dump(): makes one more part. */
export function continueDump(socket: NetlinkSocketState): void {
  const { dump, largest, memory } = socket;
  const isSmall = largest === 0 || memory.isScarce;
  const part = dump?.next(isSmall ? FIRST_PART : Math.max(FIRST_PART, Math.min(largest, 32_768))) ?? null;
  if (part === null) {
    socket.dump = null;
  } else if (socket.program === null || runFilter(socket.program, part) !== 0) {
    enqueue(socket, part, 0);
  }
}
