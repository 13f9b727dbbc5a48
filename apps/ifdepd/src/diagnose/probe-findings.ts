import type { Libc } from '@ifdepd/libc';
import { advertObstacle, probeObstacle } from '@ifdepd/probe';
import { isAdvert } from '../config/advert-target.ts';
import { isLocal } from '../config/local-target.ts';
import type { ProbeSettings, Settings } from '../config/settings.ts';
import type { Finding } from './finding.ts';

/** Finds probes that cannot be sent from this host at present, and those of an interface that ifdepd sets down. */
export function probeFindings(
  { probes, destinations }: Pick<Settings, 'probes' | 'destinations'>,
  libc: Libc,
): readonly Finding[] {
  return [...probes.values()].flatMap(({ name, target }): readonly Finding[] => {
    const obstacle = obstacleOf(target, libc);
    const through = destinations.get(target.interface ?? '');
    return [
      ...(obstacle === null ? [] : [warning('no-way', name, obstacle)]),
      ...(through === undefined
        ? []
        : [
            warning(
              'kernel-loop',
              name,
              `${useOf(target)} ${through.id}, which is a destination: it fails when that is set down, and may keep it down`,
            ),
          ]),
    ];
  });
}

function warning(code: Finding['code'], name: string, message: string): Finding {
  return { level: 'warning', code, subject: `probe ${name}`, message };
}

/** Why a probe cannot be sent, or nothing be heard; null where it can. */
function obstacleOf(target: ProbeSettings['target'], libc: Libc): string | null {
  if (isLocal(target)) {
    return null;
  }
  const [what, obstacle] = isAdvert(target)
    ? ['hear', advertObstacle(target, libc)]
    : ['be sent', probeObstacle(target, libc)];
  return obstacle === null ? null : `cannot ${what} at present: ${obstacle}`;
}

/** How a probe depends on its interface. */
function useOf(target: ProbeSettings['target']): string {
  if (isAdvert(target)) {
    return 'listens on';
  }
  return isLocal(target)
    ? `needs ${target.kind === 'route' ? 'a route' : 'an address'} of`
    : 'is sent through';
}
