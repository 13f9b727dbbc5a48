import type { Libc } from '@ifdepd/libc';
import { isList, targetsOf } from '../config/local-target.ts';
import type { Settings } from '../config/settings.ts';
import { startLocalProbes } from '../programs/local-probes.ts';
import type { Finding } from './finding.ts';

/** Finds routes and addresses that probes need and that are not there at present. */
export function localFindings({ probes }: Pick<Settings, 'probes'>, libc: Libc): readonly Finding[] {
  const targets = targetsOf(probes, isList);
  const found: Finding[] = [];
  if (targets.size === 0) {
    return found;
  }
  using local = startLocalProbes(({ id, health, reason }) => {
    if (health !== 'active') {
      const subject = `probe ${probes.get(id)?.name ?? id}`;
      found.push({
        level: 'warning',
        code: 'no-way',
        subject,
        message: `is not active at present: ${reason}`,
      });
    }
  }, libc);
  local.replace(targets);
  return found;
}
