/** Resolves when the event loop has done what had come by now: long work goes on in parts. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Where the clock of the system stood when this process started, in milliseconds; undefined before it is asked for. */
let started: number | undefined;

/**
 * Monotonic milliseconds since the system started (CLOCK_MONOTONIC): the one clock of the daemon, to the nanosecond.
 * Every process of one boot reads the same clock, so a delay can go on in the next process. It stands still in a sleep.
 *
 * libuv's own, as `performance.now()` is; the first use of that global has Node 20 load all of its
 * perf_hooks, in the middle of a start.
 */
export function monotonicNow(): number {
  const uptime = process.uptime() * 1000;
  started ??= Number(process.hrtime.bigint()) / 1e6 - uptime;
  return started + uptime;
}
