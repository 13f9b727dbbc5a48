/** Something that waits, as Node's timers do. One that cannot keep a process alive has no `ref` and `unref`. */
export interface Waiting {
  ref?(): unknown;
  unref?(): unknown;
}

/** The time and the scheduling that a watch reads with: {@link WatchLinksOptions.loop}. */
export interface ReadingLoop {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back once, after so many milliseconds. */
  setTimer(callback: () => void, ms: number): Waiting;
  clearTimer(timer: Waiting | undefined): void;
  /** Calls back when the event loop has handled what is pending now. */
  defer(callback: () => void): Waiting;
  cancel(deferral: Waiting | undefined): void;
}

/** The event loop of this process. `performance.now()` would make Node 20 load perf_hooks. */
export const processLoop: ReadingLoop = {
  now: () => process.uptime() * 1000,
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  defer: (callback) => setImmediate(callback),
  cancel: (deferral) => clearImmediate(deferral as NodeJS.Immediate | undefined),
};
