import { linux } from '@ifdepd/netlink';
import {
  addressText,
  type KernelAddress,
  type KernelNeighbour,
  type KernelNextHop,
  type KernelRoute,
} from '@ifdepd/netlink/rtnetlink';
import type {
  AddressRecord,
  IpFamily,
  NeighbourRecord,
  NeighbourState,
  NextHop,
  RouteRecord,
  RouteType,
} from '../records.ts';

const { route: numbers, ifaFlags, nud } = linux;

/** The name of an interface by its number; null for one that is not known. */
export type NameOf = (index: number) => string | null;

const TYPES: ReadonlyMap<number, RouteType> = new Map([
  [numbers.RTN_UNICAST, 'unicast'],
  [numbers.RTN_LOCAL, 'local'],
  [numbers.RTN_BROADCAST, 'broadcast'],
  [numbers.RTN_ANYCAST, 'anycast'],
  [numbers.RTN_MULTICAST, 'multicast'],
  [numbers.RTN_BLACKHOLE, 'blackhole'],
  [numbers.RTN_UNREACHABLE, 'unreachable'],
  [numbers.RTN_PROHIBIT, 'prohibit'],
  [numbers.RTN_THROW, 'throw'],
]);

const STATES: ReadonlyMap<number, NeighbourState> = new Map([
  [nud.NUD_INCOMPLETE, 'incomplete'],
  [nud.NUD_REACHABLE, 'reachable'],
  [nud.NUD_STALE, 'stale'],
  [nud.NUD_DELAY, 'delay'],
  [nud.NUD_PROBE, 'probe'],
  [nud.NUD_FAILED, 'failed'],
  [nud.NUD_NOARP, 'noarp'],
  [nud.NUD_PERMANENT, 'permanent'],
]);

export function routeRecord(route: KernelRoute, nameOf: NameOf): RouteRecord {
  const { source, preferredSource } = route;
  return {
    family: familyOf(route.family),
    destination: `${addressText(route.destination)}/${route.length}`,
    source: source === null ? null : `${addressText(source)}/${route.sourceLength}`,
    table: route.table,
    metric: route.priority,
    tos: route.tos,
    type: TYPES.get(route.type) ?? 'other',
    protocol: route.protocol,
    preferredSource: preferredSource === null ? null : addressText(preferredSource),
    nextHops: route.hops.map((hop) => nextHop(hop, nameOf)),
    nextHopId: route.nextHopId,
  };
}

function nextHop({ index, gateway, weight, flags }: KernelNextHop, nameOf: NameOf): NextHop {
  return {
    interface: index === null ? null : nameOf(index),
    index,
    gateway: gateway === null ? null : addressText(gateway),
    weight,
    onLink: (flags & numbers.RTNH_F_ONLINK) !== 0,
    linkDown: (flags & numbers.RTNH_F_LINKDOWN) !== 0,
    dead: (flags & numbers.RTNH_F_DEAD) !== 0,
  };
}

export function addressRecord(address: KernelAddress, nameOf: NameOf): AddressRecord {
  const { index, flags, peer } = address;
  return {
    family: familyOf(address.family),
    address: addressText(address.bytes),
    prefixLength: address.prefixLength,
    peer: peer === null ? null : addressText(peer),
    interface: nameOf(index),
    index,
    permanent: address.permanent,
    deprecated: (flags & ifaFlags.IFA_F_DEPRECATED) !== 0,
    tentative: (flags & ifaFlags.IFA_F_TENTATIVE) !== 0,
    duplicate: (flags & ifaFlags.IFA_F_DADFAILED) !== 0,
  };
}

export function neighbourRecord(neighbour: KernelNeighbour, nameOf: NameOf): NeighbourRecord {
  const { index, hardware } = neighbour;
  return {
    family: familyOf(neighbour.family),
    address: addressText(neighbour.address),
    interface: nameOf(index),
    index,
    hardware:
      hardware === null ? null : Array.from(hardware, (byte) => byte.toString(16).padStart(2, '0')).join(':'),
    state: STATES.get(neighbour.state) ?? 'none',
    router: neighbour.router,
  };
}

function familyOf(version: 4 | 6): IpFamily {
  return version === 4 ? 'ipv4' : 'ipv6';
}
