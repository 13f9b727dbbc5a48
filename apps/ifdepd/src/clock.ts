/**
 * Monotonic milliseconds: the one clock of the daemon, since the start of the process, to the nanosecond.
 *
 * libuv's own, as `performance.now()` is; the first use of that global has Node 20 load all of its
 * perf_hooks, in the middle of a start.
 */
export function monotonicNow(): number {
  return process.uptime() * 1000;
}
