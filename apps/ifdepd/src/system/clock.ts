/** Resolves after the event loop has handled pending events: divides long work into parts. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The clock of the system at the start of this process, in milliseconds; undefined before the first use. */
let started: number | undefined;

/**
 * Monotonic milliseconds since the system started (CLOCK_MONOTONIC): the one clock of the daemon, to the nanosecond.
 * Every process of one boot reads the same clock, so a delay can go on in the next process. It stands still in a sleep.
 * `performance.now()` has the same source, but its first use makes Node 20 load all of perf_hooks in the middle of a start.
 */
export function monotonicNow(): number {
  const uptime = process.uptime() * 1000;
  started ??= Number(process.hrtime.bigint()) / 1e6 - uptime;
  return started + uptime;
}
