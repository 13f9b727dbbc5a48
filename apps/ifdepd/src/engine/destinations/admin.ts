import { SystemError } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import type { DestinationDriver } from './driver.ts';

/**
 * An interface by its administrative flag.
 *
 * @param nameOf the name to use in the system call
 */
export function adminDestination(netif: NetIf, nameOf: () => string): DestinationDriver {
  return {
    read() {
      try {
        return netif.flags(nameOf()).up ? 'up' : 'down';
      } catch (error) {
        if (error instanceof SystemError && error.kind === 'not-found') {
          return 'missing';
        }
        throw error;
      }
    },
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
