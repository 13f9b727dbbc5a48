import type { Settings } from '../config/settings.ts';
import { describeDown, release } from '../state/release.ts';
import { undoFormer } from './former-actions.ts';
import type { Running } from './running.ts';
import { untilApplied } from './until-applied.ts';

/**
 * Releases destinations as their `on-exit` says, and ends the daemon. Programs have their time: those that run, those that are
 * wanted by now, and those of the release. Nothing else waits.
 *
 * @param cause `SIGTERM`
 */
export async function stop(running: Running, cause: string): Promise<void> {
  const { settings, daemon, log, ledger, state, checks, probes, hooks, programs } = running;
  checks?.[Symbol.dispose]();
  probes?.[Symbol.dispose]();
  hooks?.[Symbol.dispose]();
  if (programs?.destinations.busy === true) {
    await untilApplied(running, longestRunMs(settings));
  }
  daemon.quiesce();
  state?.end();
  if (running.hasFormer) {
    undoFormer(running, (id) => {
      const onExit = settings.destinations.get(id)?.onExit;
      const isRestored = onExit === 'restore' && ledger.entries.get(id)?.was === 'up';
      return onExit === 'up' || isRestored ? 'up' : undefined;
    });
  }
  const { driverOf, status } = daemon;
  const released = release(settings.destinations.values(), { log, ledger, driverOf, status });
  // The event loop goes on while programs run, and nothing may be decided any more.
  daemon.close();
  const down = released.later === null ? released.down : [...released.down, ...(await released.later)];
  log.write({
    event: 'stop',
    // No daemon watches them from now on.
    level: down.length > 0 ? 'warning' : 'notice',
    message: [`stopped by ${cause}`, ...(down.length > 0 ? [describeDown(down)] : [])].join('; '),
    fields: { signal: cause },
  });
}

/** Milliseconds for a program that runs at the stop, and one that follows it. */
function longestRunMs({ destinations }: Settings): number {
  const timeouts = [...destinations.values()].map((one) => (one.action === 'exec' ? one.timeoutMs : 0));
  return 2 * Math.max(...timeouts);
}
