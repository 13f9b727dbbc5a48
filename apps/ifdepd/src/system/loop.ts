/** A timer of a {@link Loop}. */
export interface Timer {
  /** Lets the process end although the timer runs. */
  unref(): this;
}

/** A callback that {@link Loop.defer} has put off. Opaque. */
export type Deferral = object;

/**
 * Time, timers and deferral. Nothing else in the daemon reads a clock or sets a timer, so that another loop can run a daemon in
 * a time of its own. That loop reaches all that decides and acts; what waits for a process, a socket or a file of this host
 * waits in real time.
 */
export interface Loop {
  /** Monotonic milliseconds since the system started. Every process of one boot reads the same clock. */
  now(): number;
  /** Milliseconds since 1970. The clock may be set. */
  wallNow(): number;
  /** Calls back once, after so many milliseconds. */
  setTimer(callback: () => void, ms: number): Timer;
  clearTimer(timer: Timer | undefined): void;
  /** Calls back every so many milliseconds. */
  setTicker(callback: () => void, everyMs: number): Timer;
  clearTicker(timer: Timer | undefined): void;
  /** Calls back when the event loop has handled what is pending now. */
  defer(callback: () => void): Deferral;
  cancel(deferral: Deferral | undefined): void;
  /** Calls back when the callback that runs now has returned. */
  soon(callback: () => void): void;
}

/** The clock of the system at the start of this process, in milliseconds; NaN before the first use. */
let started = Number.NaN;

/** The event loop and the clocks of this process. */
export const realLoop: Loop = {
  /**
   * CLOCK_MONOTONIC, to the nanosecond: a delay can go on in the next process. It stands still in a sleep. `performance.now()`
   * has the same source, but its first use makes Node 20 load all of perf_hooks in the middle of a start.
   */
  now() {
    const uptime = process.uptime() * 1000;
    // No `??=`: this file is a part of the one that an old Node reads before it is refused.
    if (Number.isNaN(started)) {
      started = Number(process.hrtime.bigint()) / 1e6 - uptime;
    }
    return started + uptime;
  },
  wallNow: () => Date.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  setTicker: (callback, everyMs) => setInterval(callback, everyMs),
  clearTicker: (timer) => clearInterval(timer as NodeJS.Timeout | undefined),
  defer: (callback) => setImmediate(callback),
  cancel: (deferral) => clearImmediate(deferral as NodeJS.Immediate | undefined),
  soon: (callback) => process.nextTick(callback),
};

/** Resolves after the event loop has handled pending events: divides long work into parts. */
export function nextTurn(loop: Loop = realLoop): Promise<void> {
  return new Promise((resolve) => loop.defer(resolve));
}

/**
 * Milliseconds of work after which pending events are handled. The start of a few groups takes less: in a turn in the middle of it,
 * V8 collects garbage.
 */
const LONG_MS = 25;

/**
 * Divides long work into turns of the event loop; short work needs none.
 *
 * @returns waits for the next turn where the work of this one has taken long by now
 */
export function turnsOf(loop: Loop = realLoop): () => Promise<void> {
  let began = loop.now();
  return async () => {
    if (loop.now() - began >= LONG_MS) {
      await nextTurn(loop);
      began = loop.now();
    }
  };
}
