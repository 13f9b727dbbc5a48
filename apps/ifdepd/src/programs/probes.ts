import type { Libc } from '@ifdepd/libc';
import type { SourceReading } from '@ifdepd/policy';
import type { ProbeStatistics } from '@ifdepd/probe';
import { isAdvert, isHost } from '../config/advert-target.ts';
import { isLocal, localTargets } from '../config/local-target.ts';
import type { ProbeSettings } from '../config/settings.ts';

/** Probes by the id of the source that each of them is. */
type Probes = ReadonlyMap<string, ProbeSettings>;

/** The probes that run. */
export type RunningProbes = Awaited<ReturnType<typeof startProbes>>;

/** Loads the code of the kinds that some probes have, and of no others. */
export async function loadKinds(probes: Probes) {
  const targets = [...probes.values()].map(({ target }) => target);
  return {
    hosts: targets.some(isHost) ? await import('./host-probes.ts') : null,
    local: targets.some(isLocal) ? await import('./local-probes.ts') : null,
    adverts: targets.some(isAdvert) ? await import('./advert-probes.ts') : null,
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

  /** Others from now on; those that did not change go on undisturbed. */
  async function replace(next: Probes): Promise<void> {
    const kinds = await loadKinds(next);
    hosts ??= kinds.hosts?.startHostProbes(answer, libc) ?? null;
    local ??= kinds.local?.startLocalProbes(answer, libc) ?? null;
    adverts ??= kinds.adverts?.startAdvertProbes(answer, libc) ?? null;
    hosts?.replace(next);
    local?.replace(localTargets(next));
    adverts?.replace(next);
  }

  await replace(probes);
  return {
    replace,
    /** Counts over the last results of the probes of hosts, by the id of the source. */
    statistics: (): ReadonlyMap<string, ProbeStatistics> => hosts?.statistics() ?? new Map(),
    [Symbol.dispose]() {
      hosts?.[Symbol.dispose]();
      local?.[Symbol.dispose]();
      adverts?.[Symbol.dispose]();
    },
  };
}
