import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './cache.ts';
import type { Guest } from './machine/guest.ts';

/** What is read of a guest. */
type Witness = Pick<Guest, 'observations'> & { readonly machine: Pick<Guest['machine'], 'console'> };

/**
 * Leaves what explains a failed scenario: the console of the guest, the netlink datagrams since the scenario began, and the
 * log of the daemon.
 *
 * @param into where each scenario gets a folder. Default: in the cache
 * @returns the folder
 */
export function leaveFailure(
  name: string,
  error: unknown,
  guest: Witness,
  since: number,
  into: string = join(cache, 'failures'),
): string {
  const folder = join(into, name.replaceAll(/[^\w.]+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const seen = guest.observations.slice(since);
  const lines = (parts: readonly string[]): string => parts.map((part) => `${part}\n`).join('');
  writeFileSync(join(folder, 'error.txt'), `${error instanceof Error ? error.stack : String(error)}\n`);
  writeFileSync(join(folder, 'console.txt'), guest.machine.console());
  writeFileSync(
    join(folder, 'daemon.jsonl'),
    lines(seen.flatMap((one) => (one.see === 'line' ? [one.text] : []))),
  );
  writeFileSync(
    join(folder, 'netlink.txt'),
    lines(
      seen.flatMap((one) =>
        one.see === 'link' ? [`${one.name} ${one.flags.toString(16)} ${one.bytes}`] : [],
      ),
    ),
  );
  return folder;
}
