import type { PinnedBytes } from '@ifdepd/libc';
import type { Ring, RingCall } from '@ifdepd/libc/linux';
import type { Loss, LossSocket } from '@ifdepd/linkwatch/linux';
import type { PreparedIntents } from '../../engine/prepared-intents.ts';
import type { Kernel } from '../../system/kernel.ts';
import type { Plan } from './plan.ts';

/** More than a message about a link takes. A longer one is cut behind the part that is read. */
const MESSAGE_BYTES = 4096;

/** The options of {@link LinkedCalls}. */
export interface LinkedCallsTools {
  readonly kernel: Pick<Kernel, 'libc' | 'downRequests'>;
  readonly ring: Ring;
  /** Returns a number that no other call of the ring has. */
  readonly token: () => number;
}

/**
 * Linked calls that the kernel makes by itself, each when the one before has succeeded: it receives the message of a loss,
 * records what has to be recorded, and sends the requests that set destinations down.
 */
export class LinkedCalls implements Disposable {
  readonly #tools: LinkedCallsTools;
  readonly #socket: LossSocket;
  readonly #received: PinnedBytes;
  #requests: PinnedBytes | null = null;
  #intents: PreparedIntents | undefined;
  #record: PinnedBytes | undefined;
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

  /** Whether the kernel has the calls and has not ended them. */
  get armed(): boolean {
    return this.#sending !== 0;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /**
   * Gives the kernel the calls. Messages that are in the queue by now are thrown away: the link watch reads them too, and
   * they may be long past.
   *
   * @param intents what the kernel records before it acts. Default: nothing. Disposed by the next call, or with this
   * @returns whether the kernel has accepted them
   */
  arm(plan: Plan, intents?: PreparedIntents): boolean {
    this.#intents?.[Symbol.dispose]();
    this.#intents = intents;
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
      ...(intents === undefined ? [] : [this.#recording(intents)]),
      { operation: 'send', fd, memory: requests, length: requests.bytes.byteLength, token: sending },
    ]);
    this.#sending = taken > 0 ? sending : 0;
    return taken > 0;
  }

  #recording({ fd, record }: PreparedIntents): RingCall {
    const length = record.byteLength;
    if (this.#record === undefined || this.#record.bytes.byteLength < length) {
      this.#record = this.#tools.kernel.libc.pin(length);
    }
    this.#record.bytes.set(record);
    return { operation: 'write', fd, memory: this.#record, length, token: this.#tools.token() };
  }

  /** Cancels the calls unless they have begun. The ring reports their end. */
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
    if (this.#sentBytes === 0) {
      return null;
    }
    this.#sentBytes = 0;
    this.#intents?.written();
    return this.#socket.read(this.#received.bytes.subarray(0, this.#receivedBytes));
  }

  #requestsFor(plan: Plan): PinnedBytes | null {
    const { destinations } = this.#plan;
    if (this.#requests === null || JSON.stringify(plan.destinations) !== JSON.stringify(destinations)) {
      const { downRequests, libc } = this.#tools.kernel;
      const bytes = downRequests(plan.destinations);
      this.#requests = bytes === null ? null : libc.pin(bytes.byteLength);
      this.#requests?.bytes.set(bytes ?? []);
    }
    return this.#requests;
  }

  [Symbol.dispose](): void {
    this.#intents?.[Symbol.dispose]();
    this.#socket[Symbol.dispose]();
  }
}

function sameItems<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
