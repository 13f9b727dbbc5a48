import type { Libc, PinnedBytes } from '@ifdepd/libc';
import type { Ring, RingCall } from '@ifdepd/libc/linux';
import type { NarrowSocket } from '@ifdepd/linkwatch/linux';
import type { KernelAct } from '../../engine/pending-losses.ts';
import type { PreparedIntents } from '../../engine/prepared-intents.ts';
import type { Plan, PlannedDestination } from './plan.ts';

/** More than a message about a link takes. A longer one is cut behind the part that is read. */
const MESSAGE_BYTES = 4096;

/** The options of {@link LinkedCalls}. */
export interface LinkedCallsTools {
  readonly libc: Libc;
  readonly ring: Ring;
  /** Returns a number that no other call of the ring has. */
  readonly token: () => number;
  /** Receives what triggers the requests, and sends them. */
  readonly socket: NarrowSocket<readonly number[]>;
  /** The guard that must have heard nothing since the calls were armed; null where there is none. */
  readonly guard: { readonly fd: number } | null;
  readonly requestsFor: (destinations: readonly PlannedDestination[]) => Uint8Array | null;
  /** What the kernel has done by a plan upon a message; null where the message says nothing. */
  readonly actOf: (plan: Plan, message: Uint8Array) => KernelAct | null;
}

/**
 * Linked calls that the kernel makes by itself, each when the one before has succeeded: it receives a message about a source,
 * makes sure that the guard has heard nothing, records what has to be recorded, and sends the requests that set destinations.
 */
export class LinkedCalls implements Disposable {
  readonly #tools: LinkedCallsTools;
  readonly #received: PinnedBytes;
  #requests: PinnedBytes | null = null;
  #intents: PreparedIntents | undefined;
  #record: PinnedBytes | undefined;
  #plan: Plan = { sources: [], destinations: [] };
  #polling = 0;
  #receiving = 0;
  #sending = 0;
  #receivedBytes = 0;
  #sentBytes = 0;

  constructor(tools: LinkedCallsTools) {
    this.#tools = tools;
    this.#received = tools.libc.pin(MESSAGE_BYTES);
  }

  /** Whether the kernel has the calls and has not ended them. */
  get armed(): boolean {
    return this.#sending !== 0;
  }

  /** Whether there is anything to cancel: the poll waits on where the receipt has failed. */
  get waits(): boolean {
    return this.armed || this.#polling !== 0;
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
    const { ring, token, socket, guard } = this.#tools;
    const indices = plan.sources.map(({ index }) => index);
    const before = this.#plan.sources.map(({ index }) => index);
    if (!sameItems(indices, before) && socket.narrow(indices) < 0) {
      return false;
    }
    const requests = this.#requestsFor(plan);
    this.#plan = plan;
    if (requests === null) {
      return false;
    }
    socket.drain();
    const { fd } = socket;
    this.#receivedBytes = 0;
    this.#sentBytes = 0;
    const polling = guard === null ? 0 : token();
    this.#receiving = token();
    const sending = token();
    const calls: RingCall[] = [
      { operation: 'recv', fd, memory: this.#received, length: MESSAGE_BYTES, token: this.#receiving },
      ...(intents === undefined ? [] : [this.#recording(intents)]),
      { operation: 'send', fd, memory: requests, length: requests.bytes.byteLength, token: sending },
    ];
    if (guard !== null) {
      calls.splice(1, 0, { operation: 'unpoll', poll: polling, token: token() });
      calls.unshift({ operation: 'poll', fd: guard.fd, token: polling });
    }
    const taken = ring.chain(calls);
    this.#sending = taken > 0 ? sending : 0;
    this.#polling = taken > 0 ? polling : 0;
    return taken > 0;
  }

  #recording({ fd, record }: PreparedIntents): RingCall {
    const length = record.byteLength;
    if (this.#record === undefined || this.#record.bytes.byteLength < length) {
      this.#record = this.#tools.libc.pin(length);
    }
    this.#record.bytes.set(record);
    return { operation: 'write', fd, memory: this.#record, length, token: this.#tools.token() };
  }

  /** Cancels the calls unless they have begun. The ring reports their end. */
  cancel(): void {
    this.#tools.ring.cancel(this.#receiving, ...(this.#polling === 0 ? [] : [this.#polling]));
    this.#polling = 0;
  }

  /** A call of the ring has ended. */
  ended(token: number, result: number): void {
    if (token === this.#receiving) {
      this.#receivedBytes = Math.max(0, result);
    } else if (token === this.#polling) {
      this.#polling = 0;
    } else if (token === this.#sending) {
      this.#sentBytes = Math.max(0, result);
      this.#sending = 0;
    }
  }

  /** What the kernel has done, once; null where it has done nothing. */
  takeAct(): KernelAct | null {
    if (this.#sentBytes === 0) {
      return null;
    }
    this.#sentBytes = 0;
    this.#intents?.written();
    return this.#tools.actOf(this.#plan, this.#received.bytes.subarray(0, this.#receivedBytes));
  }

  #requestsFor(plan: Plan): PinnedBytes | null {
    const { destinations } = this.#plan;
    if (this.#requests === null || JSON.stringify(plan.destinations) !== JSON.stringify(destinations)) {
      const { requestsFor, libc } = this.#tools;
      const bytes = requestsFor(plan.destinations);
      this.#requests = bytes === null ? null : libc.pin(bytes.byteLength);
      this.#requests?.bytes.set(bytes ?? []);
    }
    return this.#requests;
  }

  [Symbol.dispose](): void {
    this.#intents?.[Symbol.dispose]();
    this.#tools.socket[Symbol.dispose]();
  }
}

function sameItems<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
