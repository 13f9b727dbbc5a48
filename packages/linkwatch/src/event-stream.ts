import type { EventQueue } from './event-queue.ts';
import type { LinkEvent } from './link.ts';

interface Waiter {
  resolve(result: IteratorResult<LinkEvent, undefined>): void;
  reject(reason: unknown): void;
}

const DONE: IteratorResult<LinkEvent, undefined> = Object.freeze({ done: true, value: undefined });

/** The consumer's side of an {@link EventQueue}, as an async iterator. */
export class EventStream implements AsyncIterableIterator<LinkEvent, undefined> {
  readonly #queue: EventQueue;
  readonly #onReturn: () => void;
  readonly #waiters: Waiter[] = [];
  #state: 'open' | 'ended' | 'failed' = 'open';
  #reason: unknown;

  /** @param onReturn called once when the consumer has had enough */
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

  /** No more events: those that wait are still delivered. */
  end(): void {
    if (this.#state === 'open') {
      this.#state = 'ended';
      for (const waiter of this.#waiters.splice(0)) {
        waiter.resolve(DONE);
      }
    }
  }

  /** No more events, not even those that wait: every `next()` rejects. */
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
