import type { DestinationSettings } from '../config/settings.ts';
import type { AnyDriver } from '../engine/destinations/index.ts';
import { release } from '../state/release.ts';
import { orNull } from '../system/kernel.ts';
import type { Running } from './running.ts';

/** Milliseconds from one attempt to the next, doubled each time: the pauses between attempts of a group. */
const [FIRST_MS, LONGEST_MS] = [1000, 30_000];

/**
 * Tries again to release destinations that no group names any more and that could not be set, until each is set, is gone, is
 * named again, or the daemon ends. They stay locked until then.
 *
 * @param driverOf their drivers, which the present rules no longer have
 */
export function releaseLater(
  running: Running,
  left: readonly DestinationSettings[],
  driverOf: (destination: string) => AnyDriver | undefined,
  waitMs = FIRST_MS,
): void {
  const { loop, ended } = running;
  if (left.length === 0 || ended.aborted) {
    return;
  }
  const again = async () => {
    ended.removeEventListener('abort', cancel);
    const { settings, daemon, locks } = running;
    const unnamed = left.filter(({ id }) => !settings.destinations.has(id));
    const present = unnamed.filter(({ id }) => orNull(() => driverOf(id)?.read()) !== 'missing');
    const failed: DestinationSettings[] = [];
    await release(present, {
      ...running,
      driverOf,
      status: daemon.status,
      failed: (one) => failed.push(one),
    }).later;
    locks?.drop(unnamed.filter((one) => !failed.includes(one)).map(({ id }) => id));
    releaseLater(running, failed, driverOf, Math.min(2 * waitMs, LONGEST_MS));
  };
  const timer = loop.setTimer(again, waitMs).unref();
  const cancel = () => loop.clearTimer(timer);
  ended.addEventListener('abort', cancel);
}
