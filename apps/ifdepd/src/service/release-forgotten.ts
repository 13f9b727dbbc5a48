import { type DestinationSettings, demotionGroup } from '../config/settings.ts';
import { destinationFault } from '../diagnose/unsupported.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import { release } from '../state/release.ts';
import { openKernel } from '../system/kernel.ts';
import type { Running } from './running.ts';

/**
 * Undoes what an earlier process with the same configuration file did to destinations that the file names no more, where a
 * counter or a number would otherwise stay changed and nobody would know by how much.
 *
 * @param own the destinations of such processes: those of other configurations may be named again
 */
export function releaseForgotten(
  { settings, ledger, log, daemon, libc, tables }: Running,
  own: ReadonlySet<string>,
): void {
  const forgotten = [...ledger.entries]
    .filter(([id, { kept }]) => kept !== undefined && own.has(id) && !settings.destinations.has(id))
    .map(([id]) => settingsOf(id));
  if (forgotten.length === 0) {
    return;
  }
  const { netif } = openKernel(libc, tables);
  const tools = { libc, netif };
  const possible = forgotten.filter((one) => destinationFault(one, netif.features) === null);
  const drivers = new Map(
    possible.map((one) => [one.id, destinationDriver(one, tools, ledger.kept(one.id))]),
  );
  try {
    release(possible, { ledger, log, driverOf: (id) => drivers.get(id), status: daemon.status });
  } finally {
    netif.close();
  }
}

/** What an id alone says. */
function settingsOf(id: string): DestinationSettings {
  const group = demotionGroup(id);
  return group === null
    ? { id, action: 'admin', interface: id, onExit: 'restore' }
    : { id, action: 'demote', group, by: null, onExit: 'restore' };
}
