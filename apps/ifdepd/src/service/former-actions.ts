import type { Action } from '../config/settings.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import { notice } from '../log/index.ts';
import { messageOf } from '../system/errors.ts';
import { openKernel } from '../system/kernel.ts';
import type { Running } from './running.ts';

/**
 * The present rules may have `protodown` for an interface that is down by `admin`, or the other way round: nothing under them
 * would undo the former action. It is undone when the present action has set the interface down, so that it is not up in
 * between, or when the interface has to be up. The ledger has the former action until then: a killed process leaves it to
 * the next one.
 *
 * Called after a start and a reload, and after each decision while one is left; at a stop with what the rules want in the end.
 *
 * @param wantOf what a destination is to be. Default: what the policy wants
 */
export function undoFormer(
  running: Running,
  wantOf: (id: string) => 'up' | 'down' | 'none' | undefined = () => undefined,
): void {
  const { daemon, ledger, libc, tables, log } = running;
  const former = [...ledger.entries.keys()].flatMap((id) => {
    const action = ledger.formerOf(id);
    return action === undefined ? [] : [{ id, action }];
  });
  let left = 0;
  if (former.length > 0) {
    const wants = new Map(daemon.status.destinations.map(({ id, want }) => [id, want]));
    using netif = openKernel(libc, tables).netif;
    for (const { id, action } of former) {
      try {
        left += Number(!undoOne(running, id, action, wantOf(id) ?? wants.get(id) ?? 'none', netif));
      } catch (error) {
        left += 1;
        const message = `${id}: what the former action (${action}) has set down is not undone: ${messageOf(error)}`;
        notice(log, 'warning', message, { destinations: [id] });
      }
    }
  }
  running.hasFormer = left > 0;
}

/** @returns false where the present action has to come first */
function undoOne(
  { settings, daemon, ledger, libc }: Running,
  id: string,
  action: Action,
  want: 'up' | 'down' | 'none',
  netif: ReturnType<typeof openKernel>['netif'],
): boolean {
  const one = settings.destinations.get(id);
  const isDown = daemon.driverOf(id)?.read() === 'down';
  if (one === undefined || !('interface' in one) || (want !== 'up' && !isDown)) {
    return false;
  }
  destinationDriver({ ...one, action }, { libc, netif }).set('up');
  ledger.noteUndone(id, isDown ? 'down' : 'up');
  return true;
}
