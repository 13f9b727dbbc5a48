import type { Action, Settings } from '../config/settings.ts';
import { type DestinationDriver, destinationDriver } from '../engine/destinations/index.ts';
import type { Ledger } from '../state/ledger.ts';
import { openKernel } from '../system/kernel.ts';
import type { Running } from './running.ts';

/** A destination that ifdepd has set down by an action that the rules no longer name for it. */
export interface FormerAction {
  readonly id: string;
  readonly action: Action;
}

/** @param next the settings that are about to replace those of the daemon */
export function formerByReload({ settings, ledger }: Running, next: Settings): readonly FormerAction[] {
  return [...settings.destinations.values()].flatMap((one) => {
    const after = next.destinations.get(one.id);
    const isFormer = after !== undefined && after.action !== one.action && ledger.owned(one.id);
    return isFormer && 'interface' in one ? [{ id: one.id, action: one.action }] : [];
  });
}

/** @param ledger as the daemon before this one left it */
export function formerByRestart(settings: Settings, ledger: Ledger): readonly FormerAction[] {
  return [...ledger.entries].flatMap(([id, { action }]) => {
    const now = settings.destinations.get(id)?.action;
    const isFormer = action !== undefined && now !== undefined && action !== now && ledger.owned(id);
    return isFormer ? [{ id, action }] : [];
  });
}

/**
 * The next rules may have `protodown` for an interface that is down by `admin`, or the other way round: nothing under them
 * would undo the former action. It is undone after the next action has set the interface down, so that it is not up in
 * between.
 */
export function undoFormer(running: Running, former: readonly FormerAction[]): void {
  if (former.length === 0) {
    return;
  }
  const { settings, daemon, ledger, log, libc, tables } = running;
  const { netif } = openKernel(libc, tables);
  const isDown = (driver: DestinationDriver | undefined): boolean => driver?.read() === 'down';

  function undoOne({ id, action }: FormerAction): boolean {
    const one = settings.destinations.get(id);
    const want = daemon.status.destinations.find((each) => each.id === id)?.want;
    if (one === undefined || !('interface' in one) || (want === 'down' && !isDown(daemon.driverOf(id)))) {
      return false;
    }
    destinationDriver({ ...one, action }, { libc, netif }).set('up');
    // By the present action from now on: the next start has nothing to undo.
    ledger.noteSet(id, want === 'down' ? 'down' : 'up');
    return true;
  }

  for (const one of former) {
    let reason = 'it is not down by the new action';
    try {
      if (undoOne(one)) {
        continue;
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    const { id, action } = one;
    const message = `${id}: what the former action (${action}) has set down is not undone: ${reason}`;
    log.write({ event: 'notice', level: 'warning', message, fields: { destinations: [id] } });
  }
  netif.close();
}
