import type { Libc } from '@ifdepd/libc';
import { NetlinkClient } from '@ifdepd/netlink';
import {
  type KernelAddress,
  type KernelNeighbour,
  type KernelNextHopObject,
  type KernelRoute,
  type LinkDetails,
  listAddresses,
  listLinkDetails,
  listNeighbours,
  listNextHopObjects,
  listRoutes,
  routeTo,
} from '@ifdepd/netlink/rtnetlink';
import { isOfInterest, isThroughInterfaces } from './lost-routes.ts';

/** Facts about a Linux network namespace besides links. Interfaces are given by index. */
export interface KernelFacts {
  readonly details: ReadonlyMap<number, LinkDetails>;
  readonly addresses: readonly KernelAddress[];
  readonly routes: readonly KernelRoute[];
  readonly nextHops: readonly KernelNextHopObject[];
  /** The permanent ones and the proxies, which somebody has written down. */
  readonly neighbours: readonly KernelNeighbour[];
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
    routes: ask((from) => listRoutes(from, isOfInterest).filter(isThroughInterfaces), []),
    nextHops: ask(listNextHopObjects, []),
    neighbours: ask((from) => listNeighbours(from).filter(({ permanent, proxy }) => permanent || proxy), []),
    answers: peer === null ? null : ask((from) => routeTo(from, peer)?.hops[0]?.index ?? null, null),
  };
}
