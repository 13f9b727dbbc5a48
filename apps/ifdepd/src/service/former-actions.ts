import type { Settings } from '../config/settings.ts';
import type { DestinationDriver } from '../engine/destinations/index.ts';
import type { Running } from './running.ts';

/** Undoes what the former action did to a destination where the next rules have another action for it. */
export interface FormerActions {
  /** After the rules were replaced. */
  undo(): void;
}

/**
 * A reload may replace `admin` by `protodown` for an interface that is down, or the other way round: nothing under the next
 * rules would undo the former action. It is undone after the next action has set the interface down, so that it is not up in
 * between.
 *
 * @param next the settings that are about to replace those of the daemon
 */
export function formerActions(running: Running, next: Settings): FormerActions {
  const { settings, daemon, ledger, log } = running;
  const former = [...settings.destinations.values()].flatMap(({ id, action }) => {
    const after = next.destinations.get(id);
    const driver = daemon.driverOf(id);
    const changed = after !== undefined && after.action !== action && driver !== undefined;
    return changed && ledger.owned(id) ? [{ id, action, driver }] : [];
  });
  const isDown = (driver: DestinationDriver | undefined): boolean => driver?.read() === 'down';

  function undoOne(id: string, driver: DestinationDriver): boolean {
    const want = daemon.status.destinations.find((one) => one.id === id)?.want;
    if (want === 'down' && !isDown(daemon.driverOf(id))) {
      return false;
    }
    driver.set('up');
    return true;
  }

  return {
    undo() {
      for (const { id, action, driver } of former) {
        let reason = 'it is not down by the new action';
        try {
          if (undoOne(id, driver)) {
            continue;
          }
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error);
        }
        const message = `${id}: what the former action (${action}) has set down is not undone: ${reason}`;
        log.write({ event: 'notice', level: 'warning', message, fields: { destinations: [id] } });
      }
    },
  };
}
