import type { Daemon } from '../daemon/daemon.ts';
import { monotonicNow, nextTurn } from '../system/clock.ts';

/**
 * Waits until all that is decided is applied and reported. Destinations that take long are set in several turns of the event loop.
 *
 * @param withinMs how long it waits at most. Default: as long as it takes
 */
export async function untilApplied(
  daemon: Pick<Daemon, 'busy'>,
  withinMs: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const until = monotonicNow() + withinMs;
  let busy = daemon.busy;
  while (busy && monotonicNow() < until) {
    busy = daemon.busy;
    // Also after the last call: the report has its turn then.
    await nextTurn();
  }
}
