import type { Libc } from '@ifdepd/libc';
import type { SourceReading } from '@ifdepd/policy';
import type { AdvertStatistics, ProbeStatistics } from '@ifdepd/probe';
import { isAdvert, isHost } from '../config/advert-target.ts';
import { isList, isSensor, targetsOf } from '../config/local-target.ts';
import type { ProbeSettings } from '../config/settings.ts';
import type { SensorDetail } from './sensors/sensed.ts';

/** Probes by the id of the source that each of them is. */
type Probes = ReadonlyMap<string, ProbeSettings>;

/** Numbers of a probe: counts over its last results, what it has read last, or counts of what it has heard. */
export type ProbeNumbers = ProbeStatistics | SensorDetail | AdvertStatistics;

/** The probes that run. */
export type RunningProbes = Awaited<ReturnType<typeof startProbes>>;

/** Loads the code of the kinds that some probes have, and of no others. */
export async function loadKinds(probes: Probes) {
  const targets = [...probes.values()].map(({ target }) => target);
  return {
    hosts: targets.some(isHost) ? await import('./host-probes.ts') : null,
    local: targets.some(isList) ? await import('./local-probes.ts') : null,
    adverts: targets.some(isAdvert) ? await import('./advert-probes.ts') : null,
    sensors: targets.some(isSensor) ? await import('./sensors/start-sensors.ts') : null,
  };
}

/**
 * Starts every probe. One that several groups name runs once.
 *
 * @param answer what one of them has found: called when its verdict changes, and when its reason does where that is not the count
 *   of a probe of a host
 */
export async function startProbes(probes: Probes, answer: (reading: SourceReading) => void, libc: Libc) {
  let hosts: ReturnType<typeof import('./host-probes.ts').startHostProbes> | null = null;
  let local: ReturnType<typeof import('./local-probes.ts').startLocalProbes> | null = null;
  let adverts: ReturnType<typeof import('./advert-probes.ts').startAdvertProbes> | null = null;
  let sensors: ReturnType<typeof import('./sensors/start-sensors.ts').startSensors> | null = null;

  /** Others from now on; those that did not change go on undisturbed. */
  async function replace(next: Probes): Promise<void> {
    const kinds = await loadKinds(next);
    hosts ??= kinds.hosts?.startHostProbes(answer, libc) ?? null;
    local ??= kinds.local?.startLocalProbes(answer, libc) ?? null;
    adverts ??= kinds.adverts?.startAdvertProbes(answer, libc) ?? null;
    sensors ??= kinds.sensors?.startSensors(answer, libc) ?? null;
    hosts?.replace(next);
    local?.replace(targetsOf(next, isList));
    adverts?.replace(next);
    sensors?.replace(targetsOf(next, isSensor));
  }

  await replace(probes);
  return {
    replace,
    /** By the id of the source; those without numbers are left out. */
    numbers: (): ReadonlyMap<string, ProbeNumbers> =>
      new Map<string, ProbeNumbers>([
        ...(hosts?.statistics() ?? []),
        ...(sensors?.details() ?? []),
        ...(adverts?.statistics() ?? []),
      ]),
    [Symbol.dispose]() {
      hosts?.[Symbol.dispose]();
      local?.[Symbol.dispose]();
      adverts?.[Symbol.dispose]();
      sensors?.[Symbol.dispose]();
    },
  };
}
