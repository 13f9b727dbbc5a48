import { type Loop, realLoop } from './loop.ts';

/**
 * Milliseconds by which the two clocks may differ without a setting of the wall clock: it is read in whole milliseconds, and
 * this process may be interrupted between the two readings.
 */
const UNSURE_MS = 20;

/** Converts monotonic times to wall-clock times, for output only. */
export type WallClock = ReturnType<typeof wallClock>;

/**
 * A monotonic time keeps its wall-clock time until the wall clock is set.
 *
 * @param loop has both clocks. Default: that of this process
 */
export function wallClock(loop: Pick<Loop, 'now' | 'wallNow'> = realLoop) {
  let start = Number.NEGATIVE_INFINITY;

  /** ISO 8601. */
  function at(time: number): string {
    const startNow = loop.wallNow() - loop.now();
    if (Math.abs(startNow - start) > UNSURE_MS) {
      start = startNow;
    }
    return new Date(start + time).toISOString();
  }

  /** The same; null for null. */
  return { at, atOrNull: (time: number | null) => (time === null ? null : at(time)) };
}
