import type { NetIf } from '@ifdepd/netif';
import type { DestinationSettings } from '../../config/settings.ts';
import { type DestinationDriver, orMissing } from './driver.ts';

/** Which counter is moved, on OpenBSD that of an interface group, and by how much. FreeBSD has one counter for the machine. */
export type DemotionWords = Pick<Extract<DestinationSettings, { action: 'demote' }>, 'group' | 'by'>;

/**
 * The demotion counter of carp(4): down adds to it, up takes the same away again. Others add to it too, the kernel
 * first of all: what it is says nothing of what we did, so that is remembered.
 *
 * @param undoValue what an earlier process has added and not taken away
 */
export function demotionDestination(
  netif: Pick<NetIf, 'features' | 'demotion' | 'demote'>,
  { group, by }: DemotionWords,
  undoValue = 0,
): DestinationDriver {
  const { demotion } = netif.features;
  const counter = demotion?.of === 'group' ? group : undefined;
  let added = undoValue;

  return {
    needsUndo: true,
    read: () =>
      orMissing(() => {
        netif.demotion(counter);
        return added > 0 ? 'down' : 'up';
      }),
    set(to, before) {
      if (to === 'down') {
        if (added > 0) {
          return { changed: false, is: 'down' };
        }
        const delta = by ?? demotion?.usual ?? 0;
        before?.({ undoValue: delta, counter: netif.demotion(counter) ?? 0, by: delta });
        netif.demote(delta, counter);
        added = delta;
        return { changed: true, is: 'down', undoValue: delta };
      }
      const changed = added > 0;
      if (changed) {
        const taken = takeable();
        before?.({ counter: netif.demotion(counter) ?? 0, by: -taken });
        netif.demote(-taken, counter);
        added = 0;
      }
      return { changed, is: 'up' };
    },
  };

  /** Where the kernel keeps the sum above a bound and somebody has taken ours away already: what is left of it. */
  function takeable(): number {
    const least = demotion?.least ?? null;
    return least === null ? added : Math.max(0, Math.min(added, (netif.demotion(counter) ?? 0) - least));
  }
}
