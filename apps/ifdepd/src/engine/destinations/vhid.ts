import { type Libc, SystemError } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import { type DestinationDriver, orMissing } from './driver.ts';

/** netinet/ip_carp.c, CARP_MAXSKEW: what carp itself advertises while it is demoted. */
const DEMOTED_ADVSKEW = 240;

/**
 * A vhid of FreeBSD, which has no interface that could be set down: down is an advskew of 240, which lets any peer with
 * net.inet.carp.preempt take over. Up is the advskew it had. A vhid that is not there is missing, and never made.
 *
 * @param name `1@em0`
 * @param undoValue the advskew it had when an earlier process lowered it
 */
export function vhidDestination(
  libc: Libc,
  netif: Pick<NetIf, 'carp' | 'setAdvskew'>,
  name: string,
  undoValue?: number,
): DestinationDriver {
  /** Whether it is down by us, or was found as low and taken for that. */
  let held = undoValue !== undefined;
  /** What to go back to; undefined where there is nothing to go back to. */
  let before = undoValue;

  function advskew(): number {
    const node = netif.carp(name)?.nodes[0];
    if (node === undefined) {
      throw new SystemError(libc.target, libc.target.errnoOf.ENXIO, 'ioctl SIOCGVH', name);
    }
    return node.advskew;
  }

  return {
    needsUndo: true,
    read: () => orMissing(() => (advskew() >= DEMOTED_ADVSKEW && held ? 'down' : 'up')),
    set(to, beforeWrite) {
      const now = advskew();
      if (to === 'down') {
        if (now >= DEMOTED_ADVSKEW) {
          held = true;
          return { changed: false, is: 'down' };
        }
        beforeWrite?.({ undoValue: now });
        netif.setAdvskew(name, DEMOTED_ADVSKEW);
        held = true;
        before = now;
        return { changed: true, is: 'down', undoValue: now };
      }
      // One that somebody has given another advskew since is no longer ours to set.
      const changed = held && before !== undefined && now >= DEMOTED_ADVSKEW;
      if (changed) {
        beforeWrite?.();
        netif.setAdvskew(name, before ?? now);
      }
      held = false;
      before = undefined;
      return { changed, is: 'up' };
    },
  };
}
