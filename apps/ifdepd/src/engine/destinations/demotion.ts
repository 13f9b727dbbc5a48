import type { NetIf } from '@ifdepd/netif';
import { type DestinationDriver, orMissing } from './driver.ts';

/** How a demotion counter is moved. */
export interface DemotionWords {
  /** OpenBSD: the interface group, `carp` for all of them. FreeBSD has one counter for the machine. */
  readonly group: string;
  /** How much is added; null: as much as the kernel adds for a carp whose parent has failed. */
  readonly by: number | null;
}

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
