import type { Deferral, Loop, Timer } from '../../../apps/ifdepd/src/system/loop.ts';

/** The kernel whose time is the time of a loop. */
export interface Time {
  now(): number;
  /** Lets time pass, at most until the next thing that the kernel does by itself. */
  pass(ms: number): void;
  /** When the kernel does something by itself; null where it has nothing to do. */
  readonly due: number | null;
}

interface VirtualTimer extends Timer {
  at: number;
  /** The order of timers that are due at the same time. */
  readonly order: number;
  readonly everyMs: number | null;
  readonly callback: () => void;
}

/** This many callbacks at one time are a loop that never waits. */
const MOST_CALLBACKS = 100_000;

/** 2026-01-01, when the time of the kernel is 0. */
const EPOCH = Date.UTC(2026, 0, 1);

/** An event loop in the time of a scripted kernel. It does one thing after the other, in an order that does not vary. */
export class VirtualLoop implements Loop {
  readonly #time: () => Time;
  readonly #timers = new Set<VirtualTimer>();
  readonly #deferred = new Set<{ readonly callback: () => void }>();
  readonly #soon: (() => void)[] = [];
  #order = 0;
  #stepMs = 0;
  /** How many callbacks were called. */
  calls = 0;

  constructor(time: () => Time) {
    this.#time = time;
  }

  now = (): number => this.#time().now();

  wallNow = (): number => EPOCH + Math.floor(this.now()) + this.#stepMs;

  /** Sets the wall clock. */
  stepWallClock(ms: number): void {
    this.#stepMs += ms;
  }

  setTimer = (callback: () => void, ms: number): Timer => this.#add(callback, Math.max(1, ms), null);

  setTicker = (callback: () => void, everyMs: number): Timer =>
    this.#add(callback, Math.max(1, everyMs), Math.max(1, everyMs));

  clearTimer = (timer: Timer | undefined): void => void this.#timers.delete(timer as VirtualTimer);

  clearTicker = this.clearTimer;

  defer = (callback: () => void): Deferral => {
    const deferral = { callback };
    this.#deferred.add(deferral);
    return deferral;
  };

  cancel = (deferral: Deferral | undefined): void =>
    void this.#deferred.delete(deferral as { readonly callback: () => void });

  soon = (callback: () => void): void => void this.#soon.push(callback);

  #add(callback: () => void, ms: number, everyMs: number | null): Timer {
    this.#order += 1;
    const timer: VirtualTimer = {
      at: this.now() + ms,
      order: this.#order,
      everyMs,
      callback,
      unref() {
        return this;
      },
    };
    this.#timers.add(timer);
    return timer;
  }

  /** Calls what is deferred, and what that defers; and between the rounds of it the timers that are due. @throws where that has no end */
  turn(): void {
    this.#callSoon();
    for (let left = MOST_CALLBACKS; this.#deferred.size > 0; ) {
      for (const next of [...this.#deferred]) {
        if (this.#deferred.delete(next)) {
          if (left === 0) {
            throw new Error(`${MOST_CALLBACKS} callbacks at one moment`);
          }
          left -= 1;
          this.calls += 1;
          next.callback();
          this.#callSoon();
        }
      }
      this.#callTimers();
    }
  }

  #callSoon(): void {
    for (let next = this.#soon.shift(); next !== undefined; next = this.#soon.shift()) {
      next();
    }
  }

  /** When a timer or the kernel is due next; null where neither is. */
  get due(): number | null {
    let due = this.#time().due ?? Number.POSITIVE_INFINITY;
    for (const { at } of this.#timers) {
      due = Math.min(due, at);
    }
    return due === Number.POSITIVE_INFINITY ? null : due;
  }

  /** Lets the time come at which something is due, at most `until`, and calls the timers that are due then. */
  step(until: number): void {
    const at = Math.min(until, Math.max(this.now(), this.due ?? until));
    if (at > this.now()) {
      this.#time().pass(at - this.now());
    }
    this.callDue();
  }

  /** Calls the timers that are due now, in their order, and then what they defer: as Node does. */
  callDue(): void {
    this.#callTimers();
    this.turn();
  }

  #callTimers(): void {
    const now = this.now();
    const due = [...this.#timers].filter((timer) => timer.at <= now);
    for (const timer of due.sort((one, other) => one.at - other.at || one.order - other.order)) {
      if (this.#timers.has(timer)) {
        if (timer.everyMs === null) {
          this.#timers.delete(timer);
        } else {
          timer.at = now + timer.everyMs;
        }
        this.calls += 1;
        timer.callback();
        this.#callSoon();
      }
    }
  }

  /** Forgets every timer and callback. */
  clear(): void {
    this.#timers.clear();
    this.#deferred.clear();
    this.#soon.length = 0;
  }

  /** How many timers run and callbacks wait. */
  get pending(): number {
    return this.#timers.size + this.#deferred.size + this.#soon.length;
  }
}
