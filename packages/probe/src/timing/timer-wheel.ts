import { objectWith } from '@ifdepd/libc';
import { milliseconds } from './milliseconds.ts';

/** The width of a slot: timers within it fire together, so that many targets share a wake-up of the process. */
const SLOT_MS = 10;

const SLOTS = 256;

/** Something that a {@link TimerWheel} can fire. It belongs to one wheel. */
export interface WheelTimer {
  /** The slot in which it fires, counted from the beginning of the clock; -1 while it is not set. The wheel writes it. */
  tick: number;
}

/**
 * One timer for many. A ring of slots, without a clock of its own: setting and clearing cost the same whatever their number. A timer
 * fires at the end of its slot, so up to 10 ms late, and never early.
 */
export class TimerWheel<Timer extends WheelTimer> {
  readonly #slots: ReadonlyArray<Set<Timer>> = Array.from({ length: SLOTS }, () => new Set<Timer>());
  /** The last tick that has been fired. */
  #tick: number;
  #size = 0;

  constructor(nowMs: number) {
    this.#tick = Math.floor(milliseconds('TimerWheel: nowMs', nowMs) / SLOT_MS);
  }

  /** Sets a timer, or moves it. */
  set(timer: Timer, atMs: number): void {
    milliseconds('TimerWheel.set: atMs', atMs);
    this.clear(timer);
    timer.tick = Math.max(Math.ceil(atMs / SLOT_MS), this.#tick + 1);
    this.#slotOf(timer.tick).add(timer);
    this.#size += 1;
  }

  clear(timer: Timer): void {
    objectWith('TimerWheel: timer', timer, 'tick');
    if (timer.tick >= 0) {
      this.#slotOf(timer.tick).delete(timer);
      timer.tick = -1;
      this.#size -= 1;
    }
  }

  /**
   * When {@link TimerWheel.advance} is to be called next; Infinity where no timer is set. It may be earlier than the first timer
   * when that is more than two seconds away.
   */
  get nextMs(): number {
    if (this.#size === 0) {
      return Number.POSITIVE_INFINITY;
    }
    for (let tick = this.#tick + 1; tick < this.#tick + SLOTS; tick += 1) {
      const slot = this.#slotOf(tick);
      if (slot.size > 0 && [...slot].some((timer) => timer.tick === tick)) {
        return tick * SLOT_MS;
      }
    }
    return (this.#tick + SLOTS) * SLOT_MS;
  }

  /** Fires every timer that is due, earlier slots first. `fire` may set and clear timers. */
  advance(nowMs: number, fire: (timer: Timer) => void): void {
    const end = Math.floor(milliseconds('TimerWheel.advance: nowMs', nowMs) / SLOT_MS);
    const from = Math.max(this.#tick + 1, end - SLOTS + 1);
    for (let tick = from; tick <= end; tick += 1) {
      this.#tick = tick;
      for (const timer of this.#slotOf(tick)) {
        if (timer.tick <= tick) {
          this.clear(timer);
          fire(timer);
        }
      }
    }
    this.#tick = Math.max(this.#tick, end);
  }

  #slotOf(tick: number): Set<Timer> {
    return this.#slots[tick % SLOTS] as Set<Timer>;
  }
}
