import type { NetIf } from '@ifdepd/netif';
import { type DestinationDriver, orMissing } from './driver.ts';

/**
 * An interface by its administrative flag.
 *
 * @param nameOf the name to use in the system call
 */
export function adminDestination(netif: NetIf, nameOf: () => string): DestinationDriver {
  return {
    read: () => orMissing(() => (netif.flags(nameOf()).up ? 'up' : 'down')),
    set(to, before) {
      const name = nameOf();
      // One more ioctl(2), where somebody has to know beforehand.
      if (before !== undefined && netif.flags(name).up !== (to === 'up')) {
        before();
      }
      const { changed, after } = netif.setAdmin(name, to);
      return { changed, is: after.up ? 'up' : 'down' };
    },
    flagOf: nameOf,
  };
}
