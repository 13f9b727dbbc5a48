import type { NetIf } from '@ifdepd/netif';
import { type DestinationSettings, demotionGroup } from '../config/settings.ts';
import { destinationFault } from '../diagnose/unsupported.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import { notice } from '../log/index.ts';
import type { LedgerEntry } from '../state/ledger.ts';
import { release } from '../state/release.ts';
import { openKernel } from '../system/kernel.ts';
import type { Running } from './running.ts';

/**
 * Undoes changes of an earlier process with the same configuration file to destinations that the file no longer names, where
 * only the ledger knows by how much a counter or a number has changed.
 *
 * @param own the destinations of such processes: another configuration may name its own again
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
  using netif = openKernel(libc, tables).netif;
  const tools = { libc, netif };
  const possible = forgotten.filter((one) => destinationFault(one, netif.features) === null);
  const drivers = new Map(
    possible.map((one) => [one.id, destinationDriver(one, tools, ledger.undoValueOf(one.id))]),
  );
  release(possible, { ledger, log, driverOf: (id) => drivers.get(id), status: daemon.status });
}

/** The settings that an id alone gives. */
function settingsOf(id: string): DestinationSettings {
  const group = demotionGroup(id);
  return group === null
    ? { id, action: 'admin', interface: id, onExit: 'restore' }
    : { id, action: 'demote', group, by: null, onExit: 'restore' };
}

/**
 * Reports each interface of this network namespace that an earlier process has left down and that no group names any more.
 * Interfaces that are up by now, and those that another daemon holds, are not reported.
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
  using netif = openKernel(libc, tables).netif;
  for (const [id, entry] of left) {
    const remedy = remedyFor(id, entry, netif, libc.target.platform === 'linux');
    if (remedy !== null) {
      const message = `${id}: an earlier ifdepd set it down, and no group names it any more: it remains DOWN; ${remedy}, or name it as a destination again`;
      notice(log, 'warning', message, { destinations: [id] });
    }
  }
}

/** How to set it up again; null where it is up by now, or gone. */
function remedyFor(id: string, { undoValue }: LedgerEntry, netif: NetIf, isLinux: boolean): string | null {
  if (id.startsWith('/')) {
    return 'write its text for "up" into it';
  }
  if (id.startsWith('exec:')) {
    return 'run its program for "up"';
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
