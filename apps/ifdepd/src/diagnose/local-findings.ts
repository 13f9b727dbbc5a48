import type { Libc } from '@ifdepd/libc';
import { defaultRoute } from '@ifdepd/routewatch';
import { isList, targetsOf } from '../config/local-target.ts';
import type { Settings } from '../config/settings.ts';
import { startLocalProbes } from '../programs/local-probes.ts';
import type { Finding } from './finding.ts';

/**
 * Finds routes and addresses that probes need and that are not there at present, and a default route that leads through a
 * destination: it goes when that is set down.
 */
export function localFindings(
  { probes, destinations }: Pick<Settings, 'probes' | 'destinations'>,
  libc: Libc,
): readonly Finding[] {
  const targets = targetsOf(probes, isList);
  const found: Finding[] = [];
  if (targets.size === 0) {
    return found;
  }
  const add = (id: string, code: Finding['code'], message: string): void => {
    found.push({ level: 'warning', code, subject: `probe ${probes.get(id)?.name ?? id}`, message });
  };
  using local = startLocalProbes(({ id, health, reason }) => {
    if (health !== 'active') {
      add(id, 'no-way', `is not active at present: ${reason}`);
    }
  }, libc);
  local.replace(targets);
  for (const [id, target] of targets) {
    if (target.kind === 'route' && target.interface === undefined && target.destination.endsWith('/0')) {
      for (const { interface: name } of defaultRoute(target.family, { libc })?.nextHops ?? []) {
        if (name !== null && destinations.has(name)) {
          const message = `the default route leads through ${name}, which is a destination: it goes when that is set down, and the probe may keep it down. Name another interface`;
          add(id, 'kernel-loop', message);
        }
      }
    }
  }
  return found;
}
