import type { LinkEvent, LinkRecord, SnapshotCause } from './link.ts';

/**
 * Events that wait for a slow consumer: a bounded queue that always holds the last state of every link.
 *
 * An event of a link is merged into the last event of this link that still waits: two changes become one, with `was` of the first
 * and `link` of the last. A rename is not merged, because another link may have had the name in between. When more than `limit`
 * events wait, one snapshot replaces all of them. The snapshot is made when it is taken.
 */
export class EventQueue {
  readonly #limit: number;
  readonly #present: () => readonly LinkRecord[];
  /** The events in order, by a running number. */
  readonly #waiting = new Map<number, LinkEvent>();
  /** The number of the last waiting event of an index. */
  readonly #lastOf = new Map<number, number>();
  #next = 0;
  /** The cause of a snapshot that waits and is still to be made; null for none. */
  #overflow: SnapshotCause | null = null;

  /**
   * @param limit the most events that may wait, at least 1
   * @param present the links that exist now, for the snapshot after an overflow
   */
  constructor(limit: number, present: () => readonly LinkRecord[]) {
    if (!(Number.isInteger(limit) && limit >= 1)) {
      throw new RangeError(`a queue must have room for a whole number of events from 1, not ${limit}`);
    }
    this.#limit = limit;
    this.#present = present;
  }

  /** The number of waiting events. */
  get size(): number {
    return this.#overflow === null ? this.#waiting.size : 1;
  }

  push(event: LinkEvent): void {
    if (this.#overflow !== null) {
      return;
    }
    if (event.type === 'snapshot') {
      const cause = this.#startWaits() ? 'start' : event.cause;
      this.clear();
      this.#append(-1, { ...event, cause });
      return;
    }
    const key = this.#lastOf.get(event.link.index);
    const before = key === undefined ? undefined : this.#waiting.get(key);
    if (key === undefined || before === undefined || !this.#merge(key, before, event)) {
      this.#append(event.link.index, event);
      if (this.#waiting.size > this.#limit) {
        const cause = this.#startWaits() ? 'start' : 'queue-overflow';
        this.clear();
        this.#overflow = cause;
      }
    }
  }

  /** Takes the oldest event. */
  shift(): LinkEvent | undefined {
    if (this.#overflow !== null) {
      const cause = this.#overflow;
      this.#overflow = null;
      return { type: 'snapshot', cause, links: this.#present() };
    }
    for (const [key, event] of this.#waiting) {
      this.#waiting.delete(key);
      if (event.type !== 'snapshot' && this.#lastOf.get(event.link.index) === key) {
        this.#lastOf.delete(event.link.index);
      }
      return event;
    }
    return undefined;
  }

  clear(): void {
    this.#overflow = null;
    this.#waiting.clear();
    this.#lastOf.clear();
  }

  #append(index: number, event: LinkEvent): void {
    const key = this.#next++;
    this.#waiting.set(key, event);
    if (index >= 0) {
      this.#lastOf.set(index, key);
    }
  }

  /** Merges an event into an earlier one, if they can be one. @returns whether they could */
  #merge(key: number, before: LinkEvent, event: Exclude<LinkEvent, { type: 'snapshot' }>): boolean {
    if (before.type === 'snapshot' || before.type === 'departed') {
      return false;
    }
    if (event.type === 'touched') {
      return true;
    }
    if (event.type === 'changed') {
      this.#waiting.set(key, before.type === 'touched' ? event : { ...before, link: event.link });
      return true;
    }
    if (event.type === 'departed' && (before.type === 'changed' || before.type === 'touched')) {
      this.#waiting.set(key, event);
      return true;
    }
    if (event.type === 'departed' && before.type === 'arrived') {
      this.#waiting.delete(key);
      this.#lastOf.delete(event.link.index);
      return true;
    }
    return false;
  }

  /** Whether the snapshot of the start still waits: it stays the first event of the consumer. */
  #startWaits(): boolean {
    for (const event of this.#waiting.values()) {
      return event.type === 'snapshot' && event.cause === 'start';
    }
    return false;
  }
}
