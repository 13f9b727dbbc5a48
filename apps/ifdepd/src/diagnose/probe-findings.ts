import type { Libc } from '@ifdepd/libc';
import { probeObstacle } from '@ifdepd/probe';
import { isLocal } from '../config/local-target.ts';
import type { Settings } from '../config/settings.ts';
import type { Finding } from './finding.ts';

/** Finds probes that cannot be sent from this host at present, and those of an interface that ifdepd sets down. */
export function probeFindings(
  { probes, destinations }: Pick<Settings, 'probes' | 'destinations'>,
  libc: Libc,
): readonly Finding[] {
  return [...probes.values()].flatMap(({ name, target }): readonly Finding[] => {
    const obstacle = isLocal(target) ? null : probeObstacle(target, libc);
    const through = destinations.get(target.interface ?? '');
    return [
      ...(obstacle === null ? [] : [warning('no-way', name, `cannot be sent at present: ${obstacle}`)]),
      ...(through === undefined
        ? []
        : [
            warning(
              'kernel-loop',
              name,
              `${isLocal(target) ? `needs ${target.kind === 'route' ? 'a route' : 'an address'} of` : 'is sent through'} ${through.id}, which is a destination: it fails when that is set down, and may keep it down`,
            ),
          ]),
    ];
  });
}

function warning(code: Finding['code'], name: string, message: string): Finding {
  return { level: 'warning', code, subject: `probe ${name}`, message };
}
