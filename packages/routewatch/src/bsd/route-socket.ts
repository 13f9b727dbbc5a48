import { type Libc, type OwnedFd, openSocket, type ReadableWatch, SystemError } from '@ifdepd/libc';
import { DecodeError } from '@ifdepd/netlink';
import type { RouteBackend, Step } from '../backend.ts';
import type { MutableCounters } from '../counters.ts';
import type { RouteTables } from '../route-tables.ts';
import type { Scope } from '../scope.ts';
import type { RouteAbi } from './route-abi.ts';
import { messagesIn, reportsChange } from './route-messages.ts';
import { readSysctlLists } from './sysctl-lists.ts';

/** Larger than any message, because the end of a larger one would be lost silently. */
const MESSAGE_BYTES = 16 * 1024;

/** Every observed kernel starts with 8 KiB of receive buffer. */
const SMALLEST_BYTES = 8 * 1024;

/** Signals do not come that often: a read that is interrupted so many times is one that fails. */
const MOST_INTERRUPTED = 100;

const SUBJECT = 'routing socket';

/** The options of {@link openRouteSocket}. */
export interface RouteSocketOptions {
  readonly libc: Libc;
  readonly abi: RouteAbi;
  readonly receiveBufferBytes: number;
  /** Milliseconds between two lists, where the kernel does not report lost messages. */
  readonly resyncIntervalMs: number;
  readonly scope: Scope;
  readonly tables: RouteTables;
  readonly counters: MutableCounters;
}

/**
 * Opens a routing socket. A message of it is only a hint: the lists of routes and addresses are read again, once for all messages
 * that wait. The protocol is 0, because with an address family there are no messages about interfaces.
 *
 * @throws {SystemError} where it cannot be opened
 */
export function openRouteSocket(options: RouteSocketOptions): RouteBackend {
  const { libc, abi, receiveBufferBytes } = options;
  const { SOCK_RAW, SOCK_NONBLOCK, SOL_SOCKET, SO_RCVBUF } = libc.target.socket;
  const owned = openSocket(libc, abi.AF_ROUTE, SOCK_RAW | SOCK_NONBLOCK, 0, SUBJECT);
  // Each system has its limit in another setting, and refuses more than that.
  let size = receiveBufferBytes;
  while (size >= SMALLEST_BYTES && libc.setsockopt(owned.fd, SOL_SOCKET, SO_RCVBUF, int32(size)) < 0) {
    size = Math.floor(size / 2);
  }
  const reportsLoss =
    abi.RTM_DESYNC !== null ||
    (abi.SO_RERROR !== null && libc.setsockopt(owned.fd, SOL_SOCKET, abi.SO_RERROR, int32(1)) >= 0);
  return new RouteSocket(owned, options, reportsLoss);
}

class RouteSocket implements RouteBackend {
  readonly name = 'route-socket';
  readonly #owned: OwnedFd;
  readonly #options: RouteSocketOptions;
  readonly #reportsLoss: boolean;
  readonly #buffer = new Uint8Array(MESSAGE_BYTES);
  #due = true;
  #started = false;
  #refusal: number | null = null;

  constructor(owned: OwnedFd, options: RouteSocketOptions, reportsLoss: boolean) {
    this.#owned = owned;
    this.#options = options;
    this.#reportsLoss = reportsLoss;
  }

  get started(): boolean {
    return this.#started;
  }

  /** A list that failed is due until it is read. */
  get waits(): boolean {
    return this.#due;
  }

  get refusal(): number | null {
    return this.#refusal;
  }

  missed(): void {
    this.#due = true;
  }

  step(force: boolean): Step {
    const { libc, counters } = this.#options;
    const { EAGAIN, ENOBUFS } = libc.target.errnoOf;
    const received = this.#receive();
    if (received >= 0) {
      this.#heard(this.#buffer.subarray(0, received));
      return 'more';
    }
    if (received === -ENOBUFS) {
      counters.overruns += 1;
      this.#due = true;
      return 'lost';
    }
    if (received !== -EAGAIN) {
      throw new SystemError(libc.target, -received, 'recvfrom', SUBJECT);
    }
    return this.#due && (force || this.#refusal === null) ? this.#readLists() : 'done';
  }

  onReadable(callback: () => void): ReadableWatch {
    const { libc, resyncIntervalMs } = this.#options;
    const watch = libc.readable(this.#owned.fd, callback);
    const timer = this.#reportsLoss
      ? undefined
      : setInterval(() => {
          this.#due = true;
          callback();
        }, resyncIntervalMs);
    return {
      ref() {
        watch.ref?.();
        timer?.ref();
      },
      unref() {
        watch.unref?.();
        timer?.unref();
      },
      [Symbol.dispose]() {
        clearInterval(timer);
        watch[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#owned.close();
  }

  /** Bytes of the next message, or a negated errno. */
  #receive(): number {
    const { libc } = this.#options;
    for (let left = MOST_INTERRUPTED; ; left -= 1) {
      const result = libc.recvfrom(this.#owned.fd, this.#buffer, 0, null);
      if (result !== -libc.target.errnoOf.EINTR || left === 0) {
        return result;
      }
    }
  }

  #heard(bytes: Uint8Array): void {
    const { abi, counters } = this.#options;
    try {
      for (const message of messagesIn(bytes, abi)) {
        counters.messages += 1;
        if (message.type === abi.RTM_DESYNC) {
          counters.overruns += 1;
        }
        this.#due ||= reportsChange(message, abi);
      }
    } catch (error) {
      this.#bad(error);
    }
  }

  #readLists(): Step {
    const { libc, abi, scope, tables, counters } = this.#options;
    try {
      const { ipv4, ipv6, addresses } = readSysctlLists(libc, abi, scope);
      this.#due = false;
      this.#started = true;
      this.#refusal = null;
      counters.lists += 1;
      tables.addresses.replace(addresses);
      tables.ipv4.replace(ipv4);
      tables.ipv6.replace(ipv6);
      return 'more';
    } catch (error) {
      if (error instanceof SystemError) {
        counters.refused += 1;
        this.#refusal = error.errno;
      } else if (!this.#started) {
        // Nothing can be known of a system whose lists cannot be read.
        throw error;
      } else {
        this.#bad(error);
        this.#refusal = libc.target.errnoOf.EAGAIN;
      }
      return 'done';
    }
  }

  #bad(error: unknown): void {
    if (!(error instanceof DecodeError)) {
      throw error;
    }
    this.#options.counters.bad += 1;
    this.#due = true;
  }
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
