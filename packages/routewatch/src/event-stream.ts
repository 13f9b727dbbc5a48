import type { RouteEvent } from './events.ts';

interface Waiter {
  resolve(result: IteratorResult<RouteEvent, undefined>): void;
  reject(reason: unknown): void;
}

const DONE: IteratorResult<RouteEvent, undefined> = Object.freeze({ done: true, value: undefined });

/**
 * The events of a watch as an async iterator, for slow consumers. Its queue is bounded: where it would be longer, one snapshot,
 * made when it is taken, replaces all that waits. So the consumer never misses the last state.
 */
export class EventStream implements AsyncIterableIterator<RouteEvent, undefined> {
  readonly #limit: number;
  readonly #snapshot: () => RouteEvent;
  readonly #onReturn: () => void;
  readonly #waiters: Waiter[] = [];
  #queue: RouteEvent[] = [];
  /** Whether a snapshot, which is still to be made, replaces the queue. */
  #overflowed = false;
  #state: 'open' | 'ended' | 'failed' = 'open';
  #reason: unknown;

  /**
   * @param limit the most events that may wait
   * @param snapshot what the watch knows now
   * @param onReturn is called where the consumer stops
   */
  constructor(limit: number, snapshot: () => RouteEvent, onReturn: () => void) {
    this.#limit = limit;
    this.#snapshot = snapshot;
    this.#onReturn = onReturn;
  }

  push(event: RouteEvent): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: event });
    } else if (!this.#overflowed && this.#queue.push(event) > this.#limit) {
      this.#queue = [];
      this.#overflowed = true;
    }
  }

  /** Ends the stream after the waiting events. */
  end(): void {
    this.#state = 'ended';
    for (const waiter of this.#waiters.splice(0)) {
      waiter.resolve(DONE);
    }
  }

  /** Ends the stream at once: every `next()` rejects, and the waiting events are dropped. */
  fail(reason: unknown): void {
    this.#state = 'failed';
    this.#reason = reason;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(reason);
    }
  }

  next(): Promise<IteratorResult<RouteEvent, undefined>> {
    if (this.#state === 'failed') {
      return Promise.reject(this.#reason);
    }
    if (this.#overflowed) {
      this.#overflowed = false;
      return Promise.resolve({ done: false, value: this.#snapshot() });
    }
    const value = this.#queue.shift();
    if (value !== undefined) {
      return Promise.resolve({ done: false, value });
    }
    if (this.#state === 'ended') {
      return Promise.resolve(DONE);
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  return(): Promise<IteratorResult<RouteEvent, undefined>> {
    this.#queue = [];
    this.#overflowed = false;
    this.end();
    this.#onReturn();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
