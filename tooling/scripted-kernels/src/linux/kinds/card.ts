import type { Driver } from '../driver.ts';
import { iff } from '../numbers.ts';

const ETHERNET = iff.IFF_BROADCAST | iff.IFF_MULTICAST;

export const loopback: Driver = { kind: null, flags: iff.IFF_LOOPBACK, answersLink: true };

/** A network card, whose driver takes the carrier away when the card is set down, and finds it again. */
export function card(hasCable: () => boolean, ownLink = false): Driver {
  return {
    kind: null,
    flags: ETHERNET,
    answersLink: true,
    ownLink,
    open(kernel, device) {
      kernel.setCarrier(device, hasCable());
      return 0;
    },
    stop: (kernel, device) => kernel.setCarrier(device, false),
  };
}

/** drivers/net/tun.c: a tap keeps its carrier while it is down. */
export const tap: Driver = { kind: 'tun', flags: ETHERNET, setsCarrier: true, answersLink: true };

/** drivers/net/dummy.c */
export const dummy: Driver = {
  kind: 'dummy',
  flags: iff.IFF_BROADCAST | iff.IFF_NOARP,
  setsCarrier: true,
};
