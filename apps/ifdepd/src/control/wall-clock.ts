import { monotonicNow } from '../clock.ts';

/** The wall clock of a monotonic moment: only ever for showing. */
export function wallClock(monotonic: number): string {
  return new Date(Date.now() + (monotonic - monotonicNow())).toISOString();
}

/** The same, where there is such a moment. */
export function wallClockOrNull(monotonic: number | null): string | null {
  return monotonic === null ? null : wallClock(monotonic);
}
