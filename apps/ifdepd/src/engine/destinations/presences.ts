import type { Presence } from '@ifdepd/policy';
import type { Settings } from '../../config/settings.ts';
import { execDestination, type Programs } from './exec.ts';

/** Runs the programs that read destinations, once and all together: what they say, by destination. */
export async function presences(
  { destinations }: Pick<Settings, 'destinations'>,
  programs: Programs | null,
): Promise<ReadonlyMap<string, Presence>> {
  const found = new Map<string, Presence>();
  await Promise.all(
    [...destinations.values()].map(async (one) => {
      if (one.action === 'exec' && programs !== null) {
        const driver = execDestination(one, programs);
        await driver.ask?.();
        const is = driver.read();
        if (is !== 'unknown') {
          found.set(one.id, is);
        }
      }
    }),
  );
  return found;
}
