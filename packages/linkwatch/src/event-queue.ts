import type { LinkEvent, LinkRecord, SnapshotCause } from './link.ts';

/**
 * Events that wait for a slow consumer: bounded, and never without the last state of every link.
 *
 * What happens to a link whose last event is still waiting is merged into it: two changes are one, with `was` of the
 * first and `link` of the last. A rename is not merged into an earlier event, as names may have changed hands in
 * between. When more than `limit` events wait, all of them give way to one snapshot, made when it is taken.
 */
export class EventQueue {
  readonly #limit: number;
  readonly #present: () => readonly LinkRecord[];
  /** In order; the key is a running number. */
  readonly #waiting = new Map<number, LinkEvent>();
  /** Where the last event about an index waits. */
  readonly #lastOf = new Map<number, number>();
  #next = 0;
  /** What waits is one snapshot for this cause, still to be made. */
  #overflow: SnapshotCause | null = null;

  /**
   * @param limit how many events may wait, at least 1
   * @param present the links that exist now, for the snapshot after an overflow
   */
  constructor(limit: number, present: () => readonly LinkRecord[]) {
    if (!(Number.isInteger(limit) && limit >= 1)) {
      throw new RangeError(`a queue of ${limit} events: it takes a whole number from 1 on`);
    }
    this.#limit = limit;
    this.#present = present;
  }

  /** How many events wait. */
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

  /** Whether both events could become one, in the place of the earlier. */
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

  /** The first event that a consumer gets stays the snapshot of the start. */
  #startWaits(): boolean {
    for (const event of this.#waiting.values()) {
      return event.type === 'snapshot' && event.cause === 'start';
    }
    return false;
  }
}
