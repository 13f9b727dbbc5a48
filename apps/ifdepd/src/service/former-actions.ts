import type { Settings } from '../config/settings.ts';
import type { DestinationDriver } from '../engine/destinations/index.ts';
import type { Running } from './running.ts';

/** Undoes what was done to a destination by an action that the next rules replaced by another one. */
export interface FormerActions {
  /** After the rules were replaced. */
  undo(): void;
}

/**
 * An interface that is held down by its flag, and by protodown after a reload, or the other way round: what the former action
 * has set down, nothing under the next rules would set up again. It is undone after the next action has set it down, so
 * that it is not up in between.
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
