import { type Libc, type OwnedFd, openSocket, type ReadableWatch } from '@ifdepd/libc';
import { DecodeError } from '@ifdepd/netlink';
import type { RouteAbi } from '../abi/route-abi.ts';
import { LinkNotes } from '../wire/link-notes.ts';
import { RouteDecoder } from '../wire/route-messages.ts';
import type { LinkBackend, Received } from './backend.ts';
import { type CarrierSocket, openCarrierSocket } from './carrier-socket.ts';
import { type MessageBuffer, NOTHING, receiveMessage } from './receive-message.ts';
import { int32, setLargestReceiveBuffer, setMessageFilter } from './route-options.ts';

/** Larger than any message, because the end of a larger one would be lost silently. The largest observed had 272 bytes. */
const MESSAGE_BYTES = 16 * 1024;

/** Room for a list of some ten interfaces. It grows as needed. */
const LIST_BYTES = 8 * 1024;

/** The number of times that a list may outgrow its memory before it counts as refused. */
const LIST_ATTEMPTS = 4;

const SUBJECT = 'routing socket';

const UNREADABLE: Received = Object.freeze({ type: 'unreadable' });

/** Options of {@link openRouteSocket}. */
export interface RouteSocketOptions {
  readonly libc: Libc;
  /** The numbers of the system that `libc` reaches. */
  readonly abi: RouteAbi;
  /** The bytes of messages that the kernel should keep, as far as it allows. */
  readonly receiveBufferBytes: number;
  /** Milliseconds between two lists, when the kernel does not report lost messages. */
  readonly resyncIntervalMs: number;
}

/**
 * Opens a routing socket. It listens before the first request, so that every later change is in its queue.
 *
 * On a system whose messages have no link state, it opens a kernel-event socket as well.
 *
 * The protocol is 0, because with an address family there are no messages about interfaces. Needs no privilege.
 *
 * @throws {SystemError} when it cannot be opened
 */
export function openRouteSocket(options: RouteSocketOptions): LinkBackend {
  const { libc, abi, receiveBufferBytes, resyncIntervalMs } = options;
  const { SOCK_RAW, SOCK_NONBLOCK, SOL_SOCKET } = libc.target.socket;
  const owned = openSocket(libc, abi.AF_ROUTE, SOCK_RAW | SOCK_NONBLOCK, 0, SUBJECT);
  try {
    setLargestReceiveBuffer(libc, owned.fd, receiveBufferBytes, SUBJECT);
    setMessageFilter(libc, owned.fd, abi);
    const reportsLoss =
      abi.rtm.RTM_DESYNC !== null ||
      (abi.SO_RERROR !== null && libc.setsockopt(owned.fd, SOL_SOCKET, abi.SO_RERROR, int32(1)) >= 0);
    const notes = new LinkNotes();
    const carriers =
      abi.carrier === null
        ? null
        : openCarrierSocket({ libc, abi: abi.carrier, format: abi, notes, receiveBufferBytes });
    const decoder = new RouteDecoder(abi, notes, carriers?.readCarrier ?? null);
    return new RouteSocketBackend(libc, owned, carriers, abi, decoder, reportsLoss ? null : resyncIntervalMs);
  } catch (error) {
    owned.close();
    throw error;
  }
}

class RouteSocketBackend implements LinkBackend {
  readonly name = 'route-socket';
  readonly reusesIndex = true;
  readonly decoder: RouteDecoder;
  readonly #libc: Libc;
  readonly #socket: OwnedFd;
  readonly #carriers: CarrierSocket | null;
  readonly #abi: RouteAbi;
  readonly #resyncIntervalMs: number | null;
  readonly #received: MessageBuffer = { type: 'bytes', bytes: new Uint8Array(MESSAGE_BYTES), length: 0 };
  #list = new Uint8Array(LIST_BYTES);
  #due = false;

  constructor(
    libc: Libc,
    socket: OwnedFd,
    carriers: CarrierSocket | null,
    abi: RouteAbi,
    decoder: RouteDecoder,
    resyncIntervalMs: number | null,
  ) {
    this.#libc = libc;
    this.#socket = socket;
    this.#carriers = carriers;
    this.#abi = abi;
    this.#resyncIntervalMs = resyncIntervalMs;
    this.decoder = decoder;
  }

  /** Reads messages first, and then reads the list once for everything that the messages left open. */
  receive(): Received {
    const received = receiveMessage(this.#libc, this.#socket.fd, this.#received, SUBJECT);
    if (received !== NOTHING) {
      return received;
    }
    const event = this.#carriers?.receive() ?? NOTHING;
    if (event !== NOTHING) {
      return event;
    }
    const hint = this.decoder.takeHint();
    return hint || this.#due ? this.#readList() : NOTHING;
  }

  requestSnapshot(): number {
    this.#due = true;
    return 0;
  }

  onReadable(callback: () => void): ReadableWatch {
    const held: ReadableWatch[] = [this.#libc.readable(this.#socket.fd, callback)];
    if (this.#carriers !== null) {
      held.push(this.#carriers.onReadable(callback));
    }
    if (this.#resyncIntervalMs !== null) {
      const timer = setInterval(() => {
        this.#due = true;
        callback();
      }, this.#resyncIntervalMs);
      held.push({
        ref: () => void timer.ref(),
        unref: () => void timer.unref(),
        [Symbol.dispose]: () => clearInterval(timer),
      });
    }
    return {
      ref: () => held.forEach((one) => void one.ref?.()),
      unref: () => held.forEach((one) => void one.unref?.()),
      [Symbol.dispose]: () => held.forEach((one) => void one[Symbol.dispose]()),
    };
  }

  [Symbol.dispose](): void {
    this.#carriers?.[Symbol.dispose]();
    this.#socket.close();
  }

  #readList(): Received {
    this.#due = false;
    const length = this.#fetchList();
    if (length < 0) {
      return { type: 'refused', errno: -length };
    }
    try {
      return { type: 'links', links: this.decoder.list(this.#list, length) };
    } catch (error) {
      if (error instanceof DecodeError) {
        return UNREADABLE;
      }
      throw error;
    }
  }

  /** The length of the list, or a negated errno. The list may grow between the measurement and the read. */
  #fetchList(): number {
    const { interfaceList } = this.#abi;
    const tooSmall = -this.#libc.target.errnoOf.ENOMEM;
    for (let left = LIST_ATTEMPTS; left > 0; left--) {
      const length = this.#libc.sysctl(interfaceList, this.#list, null);
      if (length !== tooSmall) {
        return length;
      }
      const wanted = this.#libc.sysctl(interfaceList, null, null);
      if (wanted < 0) {
        return wanted;
      }
      this.#list = new Uint8Array(Math.max(this.#list.byteLength, 2 * wanted));
    }
    return tooSmall;
  }
}
