import type { PinnedBytes } from '@ifdepd/libc';
import type { Ring } from '@ifdepd/libc/linux';
import type { Loss, LossSocket } from '@ifdepd/linkwatch/linux';
import type { Kernel } from '../../system/kernel.ts';
import type { Plan } from './plan.ts';

/** More than a message about a link takes. A longer one is cut behind the part that is read. */
const MESSAGE_BYTES = 4096;

/** What {@link LinkedCalls} works with. */
export interface LinkedCallsTools {
  readonly kernel: Pick<Kernel, 'libc' | 'downRequests'>;
  readonly ring: Ring;
  /** Returns a number that no other call of the ring has. */
  readonly token: () => number;
}

/**
 * One pair of linked calls that the kernel makes by itself: it receives the message of a loss, which triggers the second
 * call, and sends the requests that set destinations down.
 */
export class LinkedCalls implements Disposable {
  readonly #tools: LinkedCallsTools;
  readonly #socket: LossSocket;
  readonly #received: PinnedBytes;
  #requests: PinnedBytes | null = null;
  #plan: Plan = { sources: [], destinations: [] };
  #receiving = 0;
  #sending = 0;
  #receivedBytes = 0;
  #sentBytes = 0;

  constructor(tools: LinkedCallsTools, socket: LossSocket) {
    this.#tools = tools;
    this.#socket = socket;
    this.#received = tools.kernel.libc.pin(MESSAGE_BYTES);
  }

  /** Whether the kernel has the pair and has not ended it. */
  get armed(): boolean {
    return this.#sending !== 0;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /**
   * Gives the kernel the pair. Messages that are in the queue by now are thrown away: the link watch reads them too, and
   * they may be long past.
   *
   * @returns whether the kernel has accepted it
   */
  arm(plan: Plan): boolean {
    const { ring, token } = this.#tools;
    const indices = plan.sources.map(({ index }) => index);
    const before = this.#plan.sources.map(({ index }) => index);
    if (!sameItems(indices, before) && this.#socket.narrow(indices) < 0) {
      return false;
    }
    const requests = this.#requestsFor(plan);
    this.#plan = plan;
    if (requests === null) {
      return false;
    }
    this.#socket.drain();
    const { fd } = this.#socket;
    this.#receivedBytes = 0;
    this.#sentBytes = 0;
    this.#receiving = token();
    const sending = token();
    const taken = ring.chain([
      { operation: 'recv', fd, memory: this.#received, length: MESSAGE_BYTES, token: this.#receiving },
      { operation: 'send', fd, memory: requests, length: requests.bytes.byteLength, token: sending },
    ]);
    this.#sending = taken === 2 ? sending : 0;
    return taken === 2;
  }

  /** Cancels the pair unless it has begun. The ring reports its end. */
  cancel(): void {
    this.#tools.ring.cancel(this.#receiving);
  }

  /** A call of the ring has ended. */
  ended(token: number, result: number): void {
    if (token === this.#receiving) {
      this.#receivedBytes = Math.max(0, result);
    } else if (token === this.#sending) {
      this.#sentBytes = Math.max(0, result);
      this.#sending = 0;
    }
  }

  /** The loss that triggered the requests, once; null where none did. */
  takeLoss(): Loss | null {
    const sent = this.#sentBytes;
    this.#sentBytes = 0;
    return sent > 0 ? this.#socket.read(this.#received.bytes.subarray(0, this.#receivedBytes)) : null;
  }

  #requestsFor(plan: Plan): PinnedBytes | null {
    const names = plan.destinations.map(({ name }) => name);
    const before = this.#plan.destinations.map(({ name }) => name);
    if (this.#requests === null || !sameItems(names, before)) {
      const { downRequests, libc } = this.#tools.kernel;
      const bytes = downRequests(names);
      this.#requests = bytes === null ? null : libc.pin(bytes.byteLength);
      this.#requests?.bytes.set(bytes ?? []);
    }
    return this.#requests;
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

function sameItems<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
