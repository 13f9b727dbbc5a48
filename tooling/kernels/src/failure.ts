import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from './agent/messages.ts';

/**
 * Leaves what explains a failed scenario: the console of the guest, the netlink datagrams since the scenario began, and the
 * log of the daemon.
 *
 * @param seen what the agent has sent since the scenario began
 * @param console what the guest has written to its console since it booted
 * @param into where each scenario gets a folder
 * @returns the folder
 */
export function leaveFailure(
  name: string,
  error: unknown,
  seen: readonly Observation[],
  console: string,
  into: string,
): string {
  const folder = join(into, name.replaceAll(/[^\w.]+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const lines = (parts: readonly string[]): string => parts.map((part) => `${part}\n`).join('');
  writeFileSync(join(folder, 'error.txt'), `${error instanceof Error ? error.stack : String(error)}\n`);
  writeFileSync(join(folder, 'console.txt'), console);
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
