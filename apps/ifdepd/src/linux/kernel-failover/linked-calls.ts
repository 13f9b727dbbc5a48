import type { Libc, PinnedBytes } from '@ifdepd/libc';
import type { Ring } from '@ifdepd/libc/linux';
import type { Loss, LossSocket } from '@ifdepd/linkwatch/linux';
import type { Kernel } from '../../system/kernel.ts';
import type { Plan } from './plan.ts';

/** More than a message about a link takes; one that is longer is cut, behind what is read of it. */
const MESSAGE_BYTES = 4096;

/** What a lane works with. */
export interface LaneTools {
  readonly libc: Pick<Libc, 'pin'>;
  readonly ring: Ring;
  readonly downRequests: Kernel['downRequests'];
  /** A number that no call of the ring has. */
  readonly token: () => number;
}

/**
 * One pair of calls that the kernel makes by itself: to receive the message of a loss, and then to send the requests
 * that set destinations down.
 */
export class Lane implements Disposable {
  readonly #tools: LaneTools;
  readonly #socket: LossSocket;
  readonly #received: PinnedBytes;
  #requests: PinnedBytes | null = null;
  #plan: Plan = { sources: [], destinations: [] };
  #receiving = 0;
  #sending = 0;
  #receivedBytes = 0;
  #sentBytes = 0;

  constructor(tools: LaneTools, socket: LossSocket) {
    this.#tools = tools;
    this.#socket = socket;
    this.#received = tools.libc.pin(MESSAGE_BYTES);
  }

  /** Whether the pair was handed over and has not ended. */
  get armed(): boolean {
    return this.#sending !== 0;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /**
   * Hands the pair over. What was in the queue until now is thrown away: it is told elsewhere, and may be long past.
   *
   * @returns whether the kernel has taken it
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

  /** Calls off what has not begun. The end is told by the ring. */
  cancel(): void {
    this.#tools.ring.cancel(this.#receiving);
  }

  /** One of the calls of the ring has ended. */
  ended(token: number, result: number): void {
    if (token === this.#receiving) {
      this.#receivedBytes = Math.max(0, result);
    } else if (token === this.#sending) {
      this.#sentBytes = Math.max(0, result);
      this.#sending = 0;
    }
  }

  /** What the requests were sent upon, once; null where they were not. */
  takeLoss(): Loss | null {
    const sent = this.#sentBytes;
    this.#sentBytes = 0;
    return sent > 0 ? this.#socket.read(this.#received.bytes.subarray(0, this.#receivedBytes)) : null;
  }

  #requestsFor(plan: Plan): PinnedBytes | null {
    const names = plan.destinations.map(({ name }) => name);
    const before = this.#plan.destinations.map(({ name }) => name);
    if (this.#requests === null || !sameItems(names, before)) {
      const bytes = this.#tools.downRequests(names);
      this.#requests = bytes === null ? null : this.#tools.libc.pin(bytes.byteLength);
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
