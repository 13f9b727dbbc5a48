import type { EventQueue } from './event-queue.ts';
import type { LinkEvent } from './link.ts';

interface Waiter {
  resolve(result: IteratorResult<LinkEvent, undefined>): void;
  reject(reason: unknown): void;
}

const DONE: IteratorResult<LinkEvent, undefined> = Object.freeze({ done: true, value: undefined });

/** The reading side of an {@link EventQueue}, as an async iterator. */
export class EventStream implements AsyncIterableIterator<LinkEvent, undefined> {
  readonly #queue: EventQueue;
  readonly #onReturn: () => void;
  readonly #waiters: Waiter[] = [];
  #state: 'open' | 'ended' | 'failed' = 'open';
  #reason: unknown;

  /** @param onReturn called once when the consumer stops */
  constructor(queue: EventQueue, onReturn: () => void) {
    this.#queue = queue;
    this.#onReturn = onReturn;
  }

  push(event: LinkEvent): void {
    if (this.#state === 'open') {
      this.#queue.push(event);
      if (this.#waiters.length > 0) {
        const value = this.#queue.shift();
        if (value !== undefined) {
          this.#waiters.shift()?.resolve({ done: false, value });
        }
      }
    }
  }

  /** Ends the stream after the waiting events. */
  end(): void {
    if (this.#state === 'open') {
      this.#state = 'ended';
      for (const waiter of this.#waiters.splice(0)) {
        waiter.resolve(DONE);
      }
    }
  }

  /** Ends the stream at once: every `next()` rejects, and the waiting events are dropped. */
  fail(reason: unknown): void {
    if (this.#state === 'open') {
      this.#state = 'failed';
      this.#reason = reason;
      for (const waiter of this.#waiters.splice(0)) {
        waiter.reject(reason);
      }
    }
  }

  next(): Promise<IteratorResult<LinkEvent, undefined>> {
    if (this.#state === 'failed') {
      return Promise.reject(this.#reason);
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

  return(): Promise<IteratorResult<LinkEvent, undefined>> {
    this.#queue.clear();
    this.end();
    this.#onReturn();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
