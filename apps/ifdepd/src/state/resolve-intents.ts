import type { Libc } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import type { DestinationSettings, Settings } from '../config/settings.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import { openKernel, type SystemTables } from '../system/kernel.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerRecord } from './ledger-file.ts';

/**
 * Finds out for each change that a killed process had announced whether it was made, before the first decision. A
 * destination in the announced state counts as set by ifdepd; of a demotion counter, the distance that it has moved since
 * decides. A change that was not made is forgotten: another program may set the destination down later.
 */
export function resolveIntents(ledger: Ledger, settings: Settings, libc: Libc, tables: SystemTables): void {
  const named = [...ledger.intents.values()].flatMap((intent) => {
    const destination = settings.destinations.get(intent.id);
    return destination === undefined ? [] : [{ intent, destination }];
  });
  if (named.length === 0) {
    return;
  }
  const { netif } = openKernel(libc, tables);
  try {
    for (const { intent, destination } of named) {
      ledger.resolve(intent.id, wasCarriedOut(intent, destination, libc, netif));
    }
  } finally {
    netif.close();
  }
}

/**
 * Takes for ours what is down and has no record, where some records cannot be read: else a destination that ifdepd has set
 * down would stay down for ever.
 *
 * @param ids the destinations of which it must be known who lowered them
 */
export function assumeLowered(
  ledger: Ledger,
  ids: Iterable<string>,
  settings: Settings,
  libc: Libc,
  tables: SystemTables,
): void {
  using netif = openKernel(libc, tables).netif;
  for (const id of ids) {
    const destination = settings.destinations.get(id);
    if (destination !== undefined && !ledger.owned(id) && isLowered(destination, libc, netif)) {
      ledger.assumeLowered(id);
    }
  }
}

/** What programs set cannot be read before they have run: to set it up once more changes nothing. */
function isLowered(settings: DestinationSettings, libc: Libc, netif: NetIf): boolean {
  try {
    return settings.action === 'exec' || destinationDriver(settings, { libc, netif }).read() === 'down';
  } catch {
    return false;
  }
}

function wasCarriedOut(
  { last, action, undoValue = 0, counter, by }: LedgerRecord,
  settings: DestinationSettings,
  libc: Libc,
  netif: NetIf,
): boolean {
  try {
    if (counter !== undefined && by !== undefined && settings.action === 'demote') {
      const group = netif.features.demotion?.of === 'group' ? settings.group : undefined;
      const moved = (netif.demotion(group) ?? counter) - counter;
      return Math.abs(moved - by) < Math.abs(moved);
    }
    if (settings.action === 'exec') {
      // Its program was killed, too, and may have done a part: what was set down has to be set up again, in any case.
      return last === 'down';
    }
    const then = 'interface' in settings && action !== undefined ? { ...settings, action } : settings;
    return destinationDriver(then, { libc, netif }, undoValue).read() === last;
  } catch {
    return false;
  }
}
