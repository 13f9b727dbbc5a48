import { type Libc, type OwnedFd, type ReadableWatch, type Result, SystemError } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import { numberGiven, objectGiven } from '../wire/given.ts';
import { encodeStruct } from '../wire/struct.ts';
import { SocketFilter } from './socket-filter.ts';

/**
 * What one receive brought.
 *
 * - `bytes`: a datagram of the kernel, valid until the next receive, up to `length`
 * - `overrun`: the kernel has dropped messages
 * - `truncated`: a datagram was larger than the buffer, and is lost; the next one of its size will fit
 * - `foreign`: a message that is not the kernel's
 */
export type NetlinkReceived =
  | { readonly type: 'nothing' }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly length: number }
  | { readonly type: 'overrun' }
  | { readonly type: 'truncated' }
  | { readonly type: 'foreign' };

/** No message comes near it: a length beyond is not believed. */
const LARGEST_BUFFER_BYTES = 1024 * 1024;

/** Signals do not come that often: a read that is interrupted so many times is one that fails. */
const MOST_INTERRUPTED = 100;

const NOTHING: NetlinkReceived = Object.freeze({ type: 'nothing' });
const OVERRUN: NetlinkReceived = Object.freeze({ type: 'overrun' });
const TRUNCATED: NetlinkReceived = Object.freeze({ type: 'truncated' });
const FOREIGN: NetlinkReceived = Object.freeze({ type: 'foreign' });

const {
  nl_pid: [NL_PID],
} = linux.struct.sockaddr_nl.fields;

/** An open netlink socket: {@link openNetlinkSocket}. */
export class NetlinkSocket implements Disposable {
  readonly #libc: Libc;
  readonly #owned: OwnedFd;
  readonly #subject: string;
  /** To the kernel. */
  readonly #kernel = netlinkAddress();
  readonly #sender = netlinkAddress();
  readonly #senderView = new DataView(this.#sender.buffer);
  readonly #received: { type: 'bytes'; bytes: Uint8Array; length: number };
  /** The program that drops messages before they are queued. */
  readonly filter: SocketFilter;

  /**
   * @param owned a netlink socket
   * @param subject what it is for, in errors
   * @param bufferBytes how large a datagram is expected to be
   */
  constructor(libc: Libc, owned: OwnedFd, subject: string, bufferBytes: number) {
    objectGiven('NetlinkSocket: libc', libc, 'target');
    objectGiven('NetlinkSocket: owned', owned, 'fd');
    this.#libc = libc;
    this.#owned = owned;
    this.#subject = subject;
    this.#received = { type: 'bytes', bytes: new Uint8Array(bufferBytes), length: 0 };
    this.filter = new SocketFilter(libc, owned.fd);
  }

  /** The descriptor. @throws {Error} after it was closed */
  get fd(): number {
    return this.#owned.fd;
  }

  /** Sends a request to the kernel. It has begun the answer when this returns. */
  send(request: Uint8Array): Result {
    return this.#libc.sendto(this.#owned.fd, request, 0, this.#kernel);
  }

  /**
   * The next thing that there is to read. Allocates nothing, as long as the buffer suffices.
   *
   * @throws {SystemError} where the socket cannot be read
   */
  receive(): NetlinkReceived {
    const { errnoOf, socket } = this.#libc.target;
    const { fd } = this.#owned;
    const { bytes } = this.#received;
    let interrupted = 0;
    for (;;) {
      const result = this.#libc.recvfrom(fd, bytes, socket.MSG_TRUNC, this.#sender);
      if (result >= 0) {
        return this.#datagram(result);
      }
      if (result === -errnoOf.EAGAIN) {
        return NOTHING;
      }
      // ENOMEM: the kernel had no memory to go on with the dump; what is lost is the same.
      if (result === -errnoOf.ENOBUFS || result === -errnoOf.ENOMEM) {
        return OVERRUN;
      }
      interrupted += 1;
      if (result !== -errnoOf.EINTR || interrupted > MOST_INTERRUPTED) {
        throw new SystemError(this.#libc.target, -result, 'recvfrom', this.#subject);
      }
    }
  }

  /** Joins a group of notifications, by its number: one of generic netlink, whose numbers differ from host to host. */
  join(group: number): Result {
    const { SOL_NETLINK, NETLINK_ADD_MEMBERSHIP } = linux.socket;
    return this.#libc.setsockopt(this.#owned.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int32(group));
  }

  /** Calls back, in the event loop, when {@link NetlinkSocket.receive} has something. Keeps the process alive. */
  onReadable(callback: () => void): ReadableWatch {
    return this.#libc.readable(this.#owned.fd, callback);
  }

  /** Closes the descriptor, once. */
  close(): void {
    this.#owned.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #datagram(length: number): NetlinkReceived {
    // The kernel's port is 0. Any process may send to ours.
    if (this.#senderView.getUint32(NL_PID, linux.littleEndian) !== 0) {
      return FOREIGN;
    }
    const received = this.#received;
    if (length > received.bytes.byteLength) {
      let size = received.bytes.byteLength;
      while (size < length && size < LARGEST_BUFFER_BYTES) {
        size *= 2;
      }
      received.bytes = new Uint8Array(size);
      return TRUNCATED;
    }
    received.length = length;
    return received;
  }
}

/** `struct sockaddr_nl` of the kernel; with a mask of groups, for bind(2). */
export function netlinkAddress(groups = 0): Uint8Array<ArrayBuffer> {
  numberGiven('netlinkAddress: groups', groups);
  const { littleEndian, socket, struct } = linux;
  return encodeStruct(struct.sockaddr_nl, { nl_family: socket.AF_NETLINK, nl_groups: groups }, littleEndian);
}

/** The value of most options. */
export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, linux.littleEndian);
  return bytes;
}
