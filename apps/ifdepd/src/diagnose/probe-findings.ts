import type { Libc } from '@ifdepd/libc';
import { advertObstacle, probeObstacle } from '@ifdepd/probe';
import { isAdvert } from '../config/advert-target.ts';
import { isLocal, isSensor, targetsOf } from '../config/local-target.ts';
import type { ProbeSettings, Settings } from '../config/settings.ts';
import type { Finding } from './finding.ts';

/** Finds probes that cannot be sent from this host at present. */
export function probeFindings({ probes }: Pick<Settings, 'probes'>, libc: Libc): readonly Finding[] {
  return [...probes.values()].flatMap(({ name, target }) => {
    const obstacle = obstacleOf(target, libc);
    return obstacle === null ? [] : [warning(name, obstacle)];
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
    return message === null ? [] : [warning(probes.get(id)?.name ?? id, message)];
  });
}

function warning(name: string, message: string): Finding {
  return { level: 'warning', code: 'no-way', subject: `probe ${name}`, message };
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
