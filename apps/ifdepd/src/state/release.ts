import type { Status } from '@ifdepd/policy';
import type { DestinationSettings } from '../config/settings.ts';
import type { AnyDriver, Setting } from '../engine/destinations/index.ts';
import { type Log, listed } from '../log/index.ts';
import { messageOf } from '../system/errors.ts';
import { orNull } from '../system/kernel.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

/** The options of {@link release}. */
export interface Releasing {
  readonly driverOf: (destination: string) => AnyDriver | undefined;
  readonly ledger: Ledger;
  readonly log: Log;
  /** What the policy wants at the end. */
  readonly status: Status;
  /** Called with each that could not be set. Default: it is logged, and no more. */
  readonly failed?: (destination: DestinationSettings) => void;
}

/** The result of a release. */
export interface Released {
  /** Those that ifdepd leaves down without an `on-exit: down`. */
  readonly down: readonly string[];
  /** Those of programs among them, when the programs have ended. Null where none is run: everything is done. */
  readonly later: Promise<readonly string[]> | null;
}

/** Releases destinations as their `on-exit` says. A failure is logged, and the others are released. */
export function release(
  destinations: Iterable<DestinationSettings>,
  { driverOf, ledger, log, status, failed }: Releasing,
): Released {
  const all = [...destinations];
  const waits = new Map<DestinationSettings, Promise<void>>();
  for (const one of all) {
    const { id, onExit } = one;
    const driver = driverOf(id);
    const to = driver === undefined ? null : wanted(one, driver, ledger.entries.get(id));
    if (driver === undefined || to === null) {
      continue;
    }
    const fields = { destinations: [id], to, cause: 'on-exit' };
    const done = ({ changed, undoValue }: Setting): void => {
      if (onExit === 'down' && changed) {
        ledger.noteSet(id, to, undoValue);
      } else if (onExit !== 'down') {
        ledger.forget(id);
      }
      if (changed) {
        const message = `${id}: set ${to} (on-exit: ${onExit})`;
        log.write({ event: 'action', level: 'notice', message, fields });
      }
    };
    const refused = (error: unknown): void => {
      const message = `${id}: cannot be set ${to} (on-exit: ${onExit}): ${messageOf(error)}`;
      log.write({ event: 'action-failed', level: 'err', message, fields });
      failed?.(one);
    };
    try {
      if (to === 'down') {
        // No group holds it any more: it is the least that it can be.
        driver.weigh?.({ phase: 'drained', requirement: 'failed', weight: 0 });
      }
      const set = driver.set(to, (undo) => ledger.intend(id, to, undo));
      if (set instanceof Promise) {
        waits.set(one, set.then(done).catch(refused));
      } else {
        done(set);
      }
    } catch (error) {
      refused(error);
    }
  }
  const up = new Set(status.destinations.flatMap(({ id, want }) => (want === 'up' ? [id] : [])));
  const stillDown = (some: readonly DestinationSettings[]) =>
    some.filter((one) => remainsDown(one, driverOf(one.id), up)).map(({ id }) => id);
  return {
    down: stillDown(all.filter((one) => !waits.has(one))),
    later: waits.size === 0 ? null : Promise.all(waits.values()).then(() => stillDown([...waits.keys()])),
  };
}

/** Whether ifdepd leaves a released destination down although its `on-exit` does not ask for that. */
function remainsDown(
  { id, onExit }: DestinationSettings,
  driver: AnyDriver | undefined,
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
  { action, onExit }: DestinationSettings,
  driver: AnyDriver,
  entry: LedgerEntry | undefined,
): 'up' | 'down' | null {
  if (onExit === 'up' || onExit === 'down') {
    return onExit;
  }
  if (onExit === 'leave' || entry === undefined) {
    return null;
  }
  // A change that another program has made since is not undone.
  const is = orNull(() => driver.read());
  const isOurs = is === entry.last || (action === 'exec' && is === 'unknown');
  return isOurs && entry.was !== entry.last ? entry.was : null;
}
