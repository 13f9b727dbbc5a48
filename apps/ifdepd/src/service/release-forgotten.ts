import type { NetIf } from '@ifdepd/netif';
import { type DestinationSettings, demotionGroup } from '../config/settings.ts';
import { destinationFault } from '../diagnose/unsupported.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import type { LedgerEntry } from '../state/ledger.ts';
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
    .filter(([id, { undoValue }]) => undoValue !== undefined && own.has(id) && !settings.destinations.has(id))
    .map(([id]) => settingsOf(id));
  if (forgotten.length === 0) {
    return;
  }
  const { netif } = openKernel(libc, tables);
  const tools = { libc, netif };
  const possible = forgotten.filter((one) => destinationFault(one, netif.features) === null);
  const drivers = new Map(
    possible.map((one) => [one.id, destinationDriver(one, tools, ledger.undoValueOf(one.id))]),
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

/**
 * Reports what an earlier process, of this configuration or of another one, has left down in this network namespace where no
 * group names it any more: nobody else will. What has been raised since, or what another daemon holds, is not reported.
 *
 * @param isHeld whether a daemon that runs holds a destination
 */
export function reportForgotten(
  { settings, ledger, log, libc, tables }: Pick<Running, 'settings' | 'ledger' | 'log' | 'libc' | 'tables'>,
  isHeld: (destination: string) => boolean,
): void {
  const left = [...ledger.entries].filter(
    ([id, { last }]) => last === 'down' && !settings.destinations.has(id) && !isHeld(id),
  );
  if (left.length === 0) {
    return;
  }
  const { netif } = openKernel(libc, tables);
  try {
    for (const [id, entry] of left) {
      const way = wayOut(id, entry, netif, libc.target.platform === 'linux');
      if (way !== null) {
        const message = `${id}: an earlier ifdepd set it down, and no group names it any more: it remains DOWN; ${way}, or name it as a destination again`;
        const fields = { destinations: [id] };
        log.write({ event: 'notice', level: 'warning', message, fields });
      }
    }
  } finally {
    netif.close();
  }
}

/** How to raise what was left down; null where it is up by now, or gone. */
function wayOut(id: string, { undoValue }: LedgerEntry, netif: NetIf, isLinux: boolean): string | null {
  if (id.startsWith('/')) {
    return 'write its text for "up" into it';
  }
  if (demotionGroup(id) !== null) {
    return `take ${undoValue ?? 'what it added'} off the demotion counter`;
  }
  if (undoValue !== undefined) {
    return `give it back its advskew of ${undoValue}`;
  }
  try {
    if (!netif.flags(id).up) {
      return `raise it with '${isLinux ? `ip link set ${id} up` : `ifconfig ${id} up`}'`;
    }
    return netif.features.protoDown && netif.protoDown(id)?.on === true
      ? `raise it with 'ip link set ${id} protodown off'`
      : null;
  } catch {
    return null;
  }
}
