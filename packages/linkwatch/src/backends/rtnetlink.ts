import { type Libc, type OwnedFd, type Result, SystemError } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { LinkScope } from '../interest.ts';
import { linkFilter } from '../wire/link-filter.ts';
import { ONE_LINK, RtnetlinkDecoder } from '../wire/netlink.ts';
import type { LinkBackend, Received } from './backend.ts';
import { netlinkAddress, openLinkSocket } from './netlink-socket.ts';
import { indexRequest, listRequest, nameRequest } from './rtnetlink-requests.ts';
import { SocketFilter } from './socket-filter.ts';

/** The parts of a dump are made as large as the reader's buffer, up to 32 KiB (netlink_dump()): fewer calls. */
const BUFFER_BYTES = 32 * 1024;

/** No message about a link comes near it: a length beyond is not believed. */
const LARGEST_BUFFER_BYTES = 1024 * 1024;

const SUBJECT = 'rtnetlink socket';

/** Signals do not come that often: a read that is interrupted so many times is one that fails. */
const MOST_INTERRUPTED = 100;

const NOTHING: Received = Object.freeze({ type: 'nothing' });
const OVERRUN: Received = Object.freeze({ type: 'overrun' });
const TRUNCATED: Received = Object.freeze({ type: 'truncated' });
const FOREIGN: Received = Object.freeze({ type: 'foreign' });

/** How to open an {@link openRtnetlink} socket. */
export interface RtnetlinkOptions {
  readonly libc: Libc;
  /** How many bytes of messages the kernel keeps for us. */
  readonly receiveBufferBytes: number;
  /** How large a message is expected to be: larger ones are lost once, and make the buffer grow. Default 32 KiB. */
  readonly bufferBytes?: number;
  /** Default: Linux. */
  readonly abi?: NetlinkAbi;
}

/**
 * Opens a socket that listens to links. It listens before anything is asked: what changes from now on is in its
 * queue.
 *
 * @throws {SystemError} where there are no netlink sockets, or not for us
 */
export function openRtnetlink(options: RtnetlinkOptions): LinkBackend {
  const { libc, receiveBufferBytes, bufferBytes = BUFFER_BYTES, abi = linux } = options;
  const owned = openLinkSocket(libc, abi, {
    subject: SUBJECT,
    receiveBufferBytes,
    // Error texts; kernels before 4.12 do without.
    wish: abi.socket.NETLINK_EXT_ACK,
  });
  return new RtnetlinkBackend(libc, owned, abi, bufferBytes);
}

class RtnetlinkBackend implements LinkBackend {
  readonly name = 'rtnetlink';
  readonly decoder: RtnetlinkDecoder;
  readonly #libc: Libc;
  readonly #socket: OwnedFd;
  readonly #abi: NetlinkAbi;
  readonly #kernel: Uint8Array;
  readonly #sender: Uint8Array;
  readonly #senderView: DataView;
  readonly #filter: SocketFilter;
  #received: { type: 'bytes'; bytes: Uint8Array; length: number };
  #sequence = 0;
  /** What the filter lets through; null while there is none. */
  #scope: LinkScope | null = null;

  constructor(libc: Libc, socket: OwnedFd, abi: NetlinkAbi, bufferBytes: number) {
    this.#libc = libc;
    this.#socket = socket;
    this.#abi = abi;
    this.decoder = new RtnetlinkDecoder(abi);
    this.#filter = new SocketFilter(libc, abi);
    this.#kernel = netlinkAddress(abi, 0);
    this.#sender = netlinkAddress(abi, 0);
    this.#senderView = new DataView(this.#sender.buffer);
    this.#received = { type: 'bytes', bytes: new Uint8Array(bufferBytes), length: 0 };
  }

  receive(): Received {
    const { errnoOf } = this.#libc.target;
    const received = this.#received;
    let interrupted = 0;
    for (;;) {
      const result = this.#libc.recvfrom(
        this.#socket.fd,
        received.bytes,
        this.#abi.socket.MSG_TRUNC,
        this.#sender,
      );
      if (result >= 0) {
        return this.#datagram(result);
      }
      if (result === -errnoOf.EAGAIN) {
        return NOTHING;
      }
      // ENOMEM: the kernel had no memory to go on with the list; what is lost is the same.
      if (result === -errnoOf.ENOBUFS || result === -this.#abi.errno.ENOMEM) {
        return OVERRUN;
      }
      interrupted += 1;
      if (result !== -errnoOf.EINTR || interrupted > MOST_INTERRUPTED) {
        throw new SystemError(this.#libc.target, -result, 'recvfrom', SUBJECT);
      }
    }
  }

  #datagram(length: number): Received {
    // struct sockaddr_nl, linux/netlink.h: nl_pid at 4; the kernel's is 0. Anybody may send to our port.
    if (this.#senderView.getUint32(4, this.#abi.littleEndian) !== 0) {
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

  requestSnapshot(): number {
    this.#sequence = (this.#sequence + 1) % ONE_LINK;
    this.decoder.expect(this.#sequence);
    return this.#send(listRequest(this.#abi, this.#sequence));
  }

  narrow(scope: LinkScope | null): Result {
    const before = this.#scope;
    if (scope === before || (scope !== null && before !== null && sameScope(scope, before))) {
      return 0;
    }
    const program = scope === null ? null : linkFilter(this.#abi, scope);
    const narrowed = program !== null && this.#filter.attach(this.#socket.fd, program) >= 0;
    if (!narrowed) {
      // Everything comes, and is left out here.
      this.#filter.detach(this.#socket.fd);
    }
    this.#scope = narrowed ? scope : null;
    return scope === null || before === null ? 0 : this.#read(scope, before);
  }

  /**
   * Asks for what the filter before may have dropped: news of the links that are new to the scope under names that are
   * not within it, and new alternative names.
   */
  #read(scope: LinkScope, before: LinkScope): Result {
    const known = new Set(before.indices);
    const requests: (Uint8Array | null)[] = scope.indices
      .filter((index) => !known.has(index))
      .map((index) => indexRequest(this.#abi, index));
    if (before.loose.length === 0) {
      requests.push(...scope.loose.map((name) => nameRequest(this.#abi, name)));
    }
    let result = 0;
    for (const request of requests) {
      if (request !== null && result >= 0) {
        result = this.#send(request);
      }
    }
    return result;
  }

  #send(request: Uint8Array): Result {
    return this.#libc.sendto(this.#socket.fd, request, 0, this.#kernel);
  }

  onReadable(callback: () => void): Disposable {
    return this.#libc.readable(this.#socket.fd, callback);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function sameScope(one: LinkScope, other: LinkScope): boolean {
  return (
    one.names === other.names &&
    one.loose.length > 0 === other.loose.length > 0 &&
    one.indices.length === other.indices.length &&
    one.indices.every((index, at) => index === other.indices[at])
  );
}
