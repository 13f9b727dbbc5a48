import type { Libc } from '@ifdepd/libc';
import { NetlinkClient } from '@ifdepd/netlink';
import { isOfInterest } from './lost-routes.ts';
import { type HostAddress, listAddresses } from './netlink/addresses.ts';
import { type LinkDetails, listLinkDetails } from './netlink/link-details.ts';
import { type HostNeighbour, listNeighbours } from './netlink/neighbours.ts';
import { type HostNextHop, listNextHops } from './netlink/next-hops.ts';
import { type HostRoute, listRoutes, wayTo } from './netlink/routes.ts';

/** Facts about a Linux network namespace besides links. Interfaces are given by index. */
export interface KernelFacts {
  readonly details: ReadonlyMap<number, LinkDetails>;
  readonly addresses: readonly HostAddress[];
  readonly routes: readonly HostRoute[];
  readonly nextHops: readonly HostNextHop[];
  readonly neighbours: readonly HostNeighbour[];
  /** The interface through which an address is answered; null where that is unknown. */
  readonly answers: number | null;
}

/** No facts: for systems without rtnetlink(7). */
export const NOTHING_KNOWN: KernelFacts = {
  details: new Map(),
  addresses: [],
  routes: [],
  nextHops: [],
  neighbours: [],
  answers: null,
};

/**
 * Asks the kernel. A list that it refuses counts as empty: these facts are for warnings.
 *
 * @param peer the address whose answers matter; null for none
 */
export function kernelFacts(libc: Libc, peer: Uint8Array | null): KernelFacts {
  if (!libc.target.rtnetlink) {
    return NOTHING_KNOWN;
  }
  using client = new NetlinkClient({ libc });
  const ask = <Facts>(list: (from: NetlinkClient) => Facts, otherwise: Facts): Facts => {
    try {
      return list(client);
    } catch {
      return otherwise;
    }
  };
  return {
    details: ask(listLinkDetails, NOTHING_KNOWN.details),
    addresses: ask(listAddresses, []),
    routes: ask((from) => listRoutes(from, isOfInterest), []),
    nextHops: ask(listNextHops, []),
    neighbours: ask(listNeighbours, []),
    answers: peer === null ? null : ask((from) => wayTo(from, peer), null),
  };
}
