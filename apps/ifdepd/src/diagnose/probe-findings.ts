import type { Libc } from '@ifdepd/libc';
import { advertObstacle, probeObstacle } from '@ifdepd/probe';
import { isAdvert } from '../config/advert-target.ts';
import { isLocal, isSensor, targetsOf } from '../config/local-target.ts';
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

/** Finds probes of devices and units that have failed at present, cannot be answered, or whose answer says little. */
export async function sensorFindings(
  { probes }: Pick<Settings, 'probes'>,
  libc: Libc,
): Promise<readonly Finding[]> {
  const targets = targetsOf(probes, isSensor);
  if (targets.size === 0) {
    return [];
  }
  const { readSensors } = await import('../programs/sensors/read-once.ts');
  return [...(await readSensors(targets, libc))].flatMap(([id, { health, reason, warning: more }]) => {
    const message = more ?? (health === 'failed' ? `is not active at present: ${reason}` : null);
    return message === null ? [] : [warning('no-way', probes.get(id)?.name ?? id, message)];
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
  if (isSensor(target)) {
    return `reads the ${target.kind} of`;
  }
  return isLocal(target)
    ? `needs ${target.kind === 'route' ? 'a route' : 'an address'} of`
    : 'is sent through';
}
