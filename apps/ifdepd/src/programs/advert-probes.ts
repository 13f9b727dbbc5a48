import type { Libc } from '@ifdepd/libc';
import type { SourceReading } from '@ifdepd/policy';
import { type AdvertListener, type AdvertStatistics, listenForAdverts } from '@ifdepd/probe';
import { isAdvert } from '../config/advert-target.ts';
import type { ProbeSettings } from '../config/settings.ts';

/**
 * Opens what listens for the advertisements of virtual routers. None is listened for before `replace`.
 *
 * @param answer what one of them has found: called when its verdict changes, and while it has none, when the reason does
 */
export function startAdvertProbes(answer: (reading: SourceReading) => void, libc: Libc) {
  const running = new Map<string, { readonly key: string; readonly listener: AdvertListener }>();

  return {
    /** @param next by the id of the source that each of them is; those of other kinds are left out */
    replace(next: ReadonlyMap<string, ProbeSettings>): void {
      for (const [id, { key, listener }] of running) {
        if (JSON.stringify(next.get(id)) !== key) {
          listener.close();
          running.delete(id);
        }
      }
      for (const [id, one] of next) {
        if (!running.has(id) && isAdvert(one.target)) {
          const report = ({ verdict, reason }: AdvertListener) => answer({ id, health: verdict, reason });
          running.set(id, { key: JSON.stringify(one), listener: listenForAdverts(one.target, report, libc) });
        }
      }
    },
    /** Counts since each of them began, by the id of the source. */
    statistics: (): ReadonlyMap<string, AdvertStatistics> =>
      new Map([...running].map(([id, { listener }]) => [id, listener.statistics])),
    [Symbol.dispose]() {
      for (const { listener } of running.values()) {
        listener.close();
      }
    },
  };
}
