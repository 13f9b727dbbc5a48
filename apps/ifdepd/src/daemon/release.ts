import type { DestinationDriver } from '../destinations/index.ts';
import type { Log } from '../log/index.ts';
import type { DestinationSettings } from '../settings.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

/** What releasing needs. */
export interface Releasing {
  readonly driverOf: (destination: string) => DestinationDriver | undefined;
  readonly ledger: Ledger;
  readonly log: Log;
}

/**
 * Lets go of destinations as their `on-exit` says. A failure is told, and the others are done.
 *
 * @returns those that were left as they are
 */
export function release(
  destinations: Iterable<DestinationSettings>,
  { driverOf, ledger, log }: Releasing,
): readonly string[] {
  const left: string[] = [];
  for (const { id, onExit } of destinations) {
    const driver = driverOf(id);
    const to = driver === undefined ? null : wanted(onExit, driver, ledger.entries.get(id));
    if (driver === undefined || to === null) {
      left.push(id);
      continue;
    }
    const fields = { destinations: [id], to, cause: 'on-exit' };
    try {
      const { changed, kept } = driver.set(to, (undo) => ledger.intend(id, to, undo));
      if (onExit === 'down' && changed) {
        ledger.keep(id, to, kept);
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
    }
  }
  return left;
}

/**
 * What a line says at its end of those that {@link release} has left: `; carp0: left as it is`. Empty where there are none.
 *
 * @param why put before it
 */
export function leftWords(left: readonly string[], why = ''): string {
  return left.length === 0
    ? ''
    : `; ${left.join(' ')}: ${why}left as ${left.length === 1 ? 'it is' : 'they are'}`;
}

/** What a destination is set to; null: left as it is. */
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
  try {
    // What somebody else has changed since is no longer ours to undo.
    return driver.read() === entry.last && entry.was !== entry.last ? entry.was : null;
  } catch {
    return null;
  }
}
