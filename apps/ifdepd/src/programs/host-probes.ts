import type { Libc } from '@ifdepd/libc';
import type { SourceReading } from '@ifdepd/policy';
import { openProbes, type Probe, type ProbeStatistics, type ProbeTarget, targetLabel } from '@ifdepd/probe';
import { isHost } from '../config/advert-target.ts';
import type { ProbeSettings } from '../config/settings.ts';

/**
 * Opens what sends the probes of hosts. None runs before `replace`.
 *
 * @param answer what one of them has found: called when its verdict changes, and while it has none, when the reason does
 */
export function startHostProbes(answer: (reading: SourceReading) => void, libc: Libc) {
  const probes = openProbes({ libc });
  const running = new Map<string, { readonly key: string; readonly probe: Probe }>();

  function start(id: string, target: ProbeTarget): Probe {
    const label = targetLabel(target);
    let fed = '';
    return probes.add(target, {
      onResult(_, probe) {
        const { verdict } = probe;
        const reason = verdict === 'unknown' || verdict !== fed ? `${label}: ${probe.reason}` : '';
        const key = verdict === 'unknown' ? reason : verdict;
        if (key !== fed) {
          fed = key;
          answer({ id, health: verdict, reason });
        }
      },
    });
  }

  /** A system that is not the one where the file was read may lack something. */
  function startOrReport(id: string, target: ProbeTarget): Probe | null {
    try {
      return start(id, target);
    } catch (error) {
      answer({ id, health: 'unknown', reason: (error as Error).message });
      return null;
    }
  }

  /** @param next by the id of the source that each of them is; those that send no packet are left out */
  function replace(next: ReadonlyMap<string, ProbeSettings>): void {
    for (const [id, { key, probe }] of running) {
      if (JSON.stringify(next.get(id)) !== key) {
        probe.close();
        running.delete(id);
      }
    }
    for (const [id, one] of next) {
      if (!running.has(id) && isHost(one.target)) {
        const probe = startOrReport(id, one.target);
        if (probe !== null) {
          running.set(id, { key: JSON.stringify(one), probe });
        }
      }
    }
  }

  return {
    replace,
    /** Counts over the last results, by the id of the source. */
    statistics: (): ReadonlyMap<string, ProbeStatistics> =>
      new Map([...running].map(([id, { probe }]) => [id, probe.statistics])),
    [Symbol.dispose]: () => probes.close(),
  };
}
