import { monotonicNow } from './clock.ts';

/** Tells the wall clock of monotonic moments: only ever for showing. */
export interface WallClock {
  /** ISO 8601. */
  at(monotonic: number): string;
  /** The same, where there is such a moment. */
  atOrNull(monotonic: number | null): string | null;
}

/**
 * Milliseconds that the two clocks may seem to have moved against each other before the wall clock was set: it is read in
 * whole milliseconds, and this process may have been interrupted between the two.
 */
const UNSURE_MS = 20;

/**
 * A moment has the same time whenever it is told, until the wall clock is set: then it is told as it is now.
 *
 * @param now the wall clock, milliseconds since 1970. Default: `Date.now`
 * @param monotonic default: {@link monotonicNow}
 */
export function wallClock(now: () => number = Date.now, monotonic: () => number = monotonicNow): WallClock {
  let start = Number.NEGATIVE_INFINITY;

  function at(decision: number): string {
    const startNow = now() - monotonic();
    if (Math.abs(startNow - start) > UNSURE_MS) {
      start = startNow;
    }
    return new Date(start + decision).toISOString();
  }

  return { at, atOrNull: (decision) => (decision === null ? null : at(decision)) };
}
