import type { Daemon } from '../daemon/daemon.ts';
import type { DestinationPrograms } from '../programs/destination-programs.ts';
import { nextTurn, realLoop, type Timer } from '../system/loop.ts';

/** The parts that apply decisions. */
export interface Applying {
  readonly daemon: Pick<Daemon, 'busy'>;
  /** What runs the programs of destinations; null where there are none. */
  readonly programs: { readonly destinations: Pick<DestinationPrograms, 'busy' | 'idle'> } | null;
}

/**
 * Waits until all that is decided is applied and reported. Destinations that take long are set in several turns of the event
 * loop, and those of programs when these have ended.
 *
 * @param withinMs how long it waits at most. Default: as long as it takes
 */
export async function untilApplied(
  { daemon, programs }: Applying,
  withinMs: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const until = realLoop.now() + withinMs;
  const isBusy = () => daemon.busy || programs?.destinations.busy === true;
  let busy = isBusy();
  while (busy && realLoop.now() < until) {
    busy = isBusy();
    if (programs?.destinations.busy === true && !daemon.busy) {
      await within(programs.destinations.idle(), until - realLoop.now());
    }
    // Also after the last call: the report has its turn then.
    await nextTurn();
  }
}

/** Waits no longer than so many milliseconds. */
async function within(end: Promise<void>, ms: number): Promise<void> {
  if (ms === Number.POSITIVE_INFINITY) {
    return end;
  }
  let timer: Timer | undefined;
  await Promise.race([end, new Promise<void>((resolve) => (timer = realLoop.setTimer(resolve, ms)))]);
  realLoop.clearTimer(timer);
}
