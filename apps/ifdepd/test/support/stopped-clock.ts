import { vi } from 'vitest';

/**
 * Stops the clock of this process, which daemon and watch read, until disposed. Both leave work that takes longer than some
 * milliseconds to the next turn of the event loop; on a busy machine any work may take that long.
 */
export function stoppedClock(): Disposable {
  const { uptime } = process;
  const now = uptime();
  process.uptime = () => now;
  return {
    [Symbol.dispose]() {
      process.uptime = uptime;
    },
  };
}

/** Lets vitest's timers pass so many milliseconds, with the clock stopped: what they start ends in the same turn. */
export function passTime(ms: number): void {
  using _ = stoppedClock();
  vi.advanceTimersByTime(ms);
}
