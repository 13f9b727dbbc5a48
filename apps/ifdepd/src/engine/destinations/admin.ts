import type { NetIf } from '@ifdepd/netif';
import { type DestinationDriver, orMissing } from './driver.ts';

/** An interface by its administrative flag. Which one an alternative name means, the kernel knows at each call. */
export function adminDestination(netif: NetIf, name: string): DestinationDriver {
  return {
    read: () => orMissing(() => (netif.flags(name).up ? 'up' : 'down')),
    set(to, before) {
      // One more ioctl(2), where somebody has to know beforehand.
      if (before !== undefined && netif.flags(name).up !== (to === 'up')) {
        before();
      }
      const { changed, after } = netif.setAdmin(name, to);
      return { changed, is: after.up ? 'up' : 'down' };
    },
    downRequest: () => ({ name }),
    upRequest: () => ({ name }),
  };
}
