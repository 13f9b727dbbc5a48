import type { Libc } from '@ifdepd/libc';
import { probeObstacle } from '@ifdepd/probe';
import type { Settings } from '../config/settings.ts';
import type { Finding } from './finding.ts';

/** Finds probes that cannot be sent from this host at present, and those through an interface that ifdepd sets down. */
export function probeFindings(
  { probes, destinations }: Pick<Settings, 'probes' | 'destinations'>,
  libc: Libc,
): readonly Finding[] {
  return [...probes.values()].flatMap(({ name, target }): readonly Finding[] => {
    const obstacle = probeObstacle(target, libc);
    const through = destinations.get(target.interface ?? '');
    return [
      ...(obstacle === null ? [] : [warning('no-way', name, `cannot be sent at present: ${obstacle}`)]),
      ...(through === undefined
        ? []
        : [
            warning(
              'kernel-loop',
              name,
              `is sent through ${through.id}, which is a destination: it fails when that is set down, and may keep it down`,
            ),
          ]),
    ];
  });
}

function warning(code: Finding['code'], name: string, message: string): Finding {
  return { level: 'warning', code, subject: `probe ${name}`, message };
}
