import type { Status } from '@ifdepd/policy';
import type { DestinationSettings } from '../config/settings.ts';
import type { DestinationDriver } from '../engine/destinations/index.ts';
import { type Log, listed } from '../log/index.ts';
import { orNull } from '../system/kernel.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

/** What {@link release} needs. */
export interface Releasing {
  readonly driverOf: (destination: string) => DestinationDriver | undefined;
  readonly ledger: Ledger;
  readonly log: Log;
  /** What the policy wants at the end. */
  readonly status: Status;
  /** Called with each that could not be set. Default: it is logged, and no more. */
  readonly failed?: (destination: DestinationSettings) => void;
}

/**
 * Releases destinations as their `on-exit` says. A failure is logged, and the others are released.
 *
 * @returns those that ifdepd leaves down without an `on-exit: down`
 */
export function release(
  destinations: Iterable<DestinationSettings>,
  { driverOf, ledger, log, status, failed }: Releasing,
): readonly string[] {
  const all = [...destinations];
  for (const one of all) {
    const { id, onExit } = one;
    const driver = driverOf(id);
    const to = driver === undefined ? null : wanted(onExit, driver, ledger.entries.get(id));
    if (driver === undefined || to === null) {
      continue;
    }
    const fields = { destinations: [id], to, cause: 'on-exit' };
    try {
      if (to === 'down') {
        // No group holds it any more: it is the least that it can be.
        driver.weigh?.({ phase: 'drained', requirement: 'failed', weight: 0 });
      }
      const { changed, undoValue } = driver.set(to, (undo) => ledger.intend(id, to, undo));
      if (onExit === 'down' && changed) {
        ledger.noteSet(id, to, undoValue);
      } else if (onExit !== 'down') {
        ledger.forget(id);
      }
      if (changed) {
        log.write({
          event: 'action',
          level: 'notice',
          message: `${id}: set ${to} (on-exit: ${onExit})`,
          fields,
        });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${id}: cannot be set ${to} (on-exit: ${onExit}): ${reason}`;
      log.write({ event: 'action-failed', level: 'err', message, fields });
      failed?.(one);
    }
  }
  const up = new Set(status.destinations.flatMap(({ id, want }) => (want === 'up' ? [id] : [])));
  return all.filter((one) => remainsDown(one, driverOf(one.id), up)).map(({ id }) => id);
}

/** Whether ifdepd leaves a released destination down although its `on-exit` does not ask for that. */
function remainsDown(
  { id, onExit }: DestinationSettings,
  driver: DestinationDriver | undefined,
  wantedUp: ReadonlySet<string>,
): boolean {
  return onExit !== 'down' && !wantedUp.has(id) && orNull(() => driver?.read()) === 'down';
}

/** `carp0 and carp1 remain DOWN`; empty where there are none. */
export function describeDown(ids: readonly string[]): string {
  return ids.length === 0 ? '' : `${listed(ids)} ${ids.length === 1 ? 'remains' : 'remain'} DOWN`;
}

/** The state to set a destination to; null: leave it as it is. */
function wanted(
  onExit: DestinationSettings['onExit'],
  driver: DestinationDriver,
  entry: LedgerEntry | undefined,
): 'up' | 'down' | null {
  if (onExit === 'up' || onExit === 'down') {
    return onExit;
  }
  if (onExit === 'leave' || entry === undefined) {
    return null;
  }
  // A change that another program has made since is not undone.
  const isOurs = orNull(() => driver.read()) === entry.last;
  return isOurs && entry.was !== entry.last ? entry.was : null;
}
