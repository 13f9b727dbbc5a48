import type { LogEntry } from '../log/index.ts';
import { errorCode } from '../system/directories.ts';
import type { AnyDriver } from './destinations/index.ts';

/**
 * Brings destinations into a state that can be read. One that cannot be is reported, counts as failed until it has been set,
 * and is tried again when its group wants it down.
 *
 * @param failures by destination: added to
 */
export function prepareDestinations(
  destinations: ReadonlyMap<string, AnyDriver>,
  failures: Map<string, Error>,
  log: (entry: LogEntry) => void,
): void {
  for (const [id, driver] of destinations) {
    try {
      driver.prepare?.();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      failures.set(id, error);
      log({
        event: 'action-failed',
        level: 'err',
        message: `${id}: cannot be set: ${error.message}`,
        fields: { destinations: [id], code: errorCode(error) || 'ERR_INTERNAL' },
      });
    }
  }
}
