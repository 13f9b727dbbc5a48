import { type Libc, type OwnedFd, openSocket } from '@ifdepd/libc';
import { DecodeError } from '@ifdepd/netlink';
import type { RouteAbi } from '../abi/route-abi.ts';
import { LinkNotes } from '../wire/link-notes.ts';
import { RouteDecoder } from '../wire/route-messages.ts';
import type { LinkBackend, Received } from './backend.ts';
import { type CarrierSocket, openCarrierSocket } from './carrier-socket.ts';
import { type MessageBuffer, NOTHING, receiveMessage } from './receive-message.ts';
import { int32, setLargestReceiveBuffer, setMessageFilter } from './route-options.ts';

/** Larger than any message: one that does not fit would lose its end without a word. The largest seen had 272 bytes. */
const MESSAGE_BYTES = 16 * 1024;

/** A list of some ten interfaces; it grows as needed. */
const LIST_BYTES = 8 * 1024;

/** How often a list may outgrow the memory that was just made for it before that counts as a refusal. */
const LIST_ATTEMPTS = 4;

const SUBJECT = 'routing socket';

const UNREADABLE: Received = Object.freeze({ type: 'unreadable' });

/** How to open an {@link openRouteSocket} socket. */
export interface RouteSocketOptions {
  readonly libc: Libc;
  /** The numbers of the system that libc reaches. */
  readonly abi: RouteAbi;
  /** How many bytes of messages the kernel shall keep for us, at most: it gets what it allows. */
  readonly receiveBufferBytes: number;
  /** Milliseconds between two lists where the kernel does not say that it has dropped messages. */
  readonly resyncIntervalMs: number;
}

/**
 * Opens a routing socket. It listens before anything is asked: what changes from now on is in its queue.
 *
 * Where its messages have no link state, a kernel-event socket is opened beside it.
 *
 * Protocol 0: with an address family there, no message about an interface comes. Needs no privilege.
 *
 * @throws {SystemError} where there are no routing sockets, or not for us
 */
export function openRouteSocket(options: RouteSocketOptions): LinkBackend {
  const { libc, abi, receiveBufferBytes, resyncIntervalMs } = options;
  const { SOCK_RAW, SOCK_NONBLOCK, SOL_SOCKET } = libc.target.socket;
  const owned = openSocket(libc, abi.AF_ROUTE, SOCK_RAW | SOCK_NONBLOCK, 0, SUBJECT);
  try {
    setLargestReceiveBuffer(libc, owned.fd, receiveBufferBytes, SUBJECT);
    setMessageFilter(libc, owned.fd, abi);
    const told =
      abi.rtm.RTM_DESYNC !== null ||
      (abi.SO_RERROR !== null && libc.setsockopt(owned.fd, SOL_SOCKET, abi.SO_RERROR, int32(1)) >= 0);
    const notes = new LinkNotes();
    const carriers =
      abi.carrier === null
        ? null
        : openCarrierSocket({ libc, abi: abi.carrier, format: abi, notes, receiveBufferBytes });
    const decoder = new RouteDecoder(abi, notes, carriers?.readCarrier ?? null);
    return new RouteSocketBackend(libc, owned, carriers, abi, decoder, told ? null : resyncIntervalMs);
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

  /** Messages first: what a message cannot say is looked up once, after the last of them. */
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

  onReadable(callback: () => void): Disposable {
    const held = [this.#libc.readable(this.#socket.fd, callback)];
    if (this.#carriers !== null) {
      held.push(this.#carriers.onReadable(callback));
    }
    if (this.#resyncIntervalMs !== null) {
      const timer = setInterval(() => {
        this.#due = true;
        callback();
      }, this.#resyncIntervalMs);
      held.push({ [Symbol.dispose]: () => clearInterval(timer) });
    }
    return {
      [Symbol.dispose]: () => {
        for (const one of held) {
          one[Symbol.dispose]();
        }
      },
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

  /** The length of the list, or a negated errno. It may grow between being measured and being read. */
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
