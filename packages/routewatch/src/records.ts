import { objectWith } from '@ifdepd/libc';

/** The version of IP. */
export type IpFamily = 'ipv4' | 'ipv6';

/** What a route does with a packet, in the words of ip-route(8). */
export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'other';

/** One way of a route. */
export interface NextHop {
  /** The name of the interface; null where the route has none. */
  readonly interface: string | null;
  /** The kernel's number of the interface; null where the route has none. */
  readonly index: number | null;
  /** The router; null where the net is on the link. A route of IPv4 may have a router of IPv6. */
  readonly gateway: string | null;
  /** Its share of the traffic among several, from 1. */
  readonly weight: number;
  /** Linux: the router counts as on the link, whatever the addresses are. False elsewhere. */
  readonly onLink: boolean;
  /** Linux: the interface has no carrier. False elsewhere. */
  readonly linkDown: boolean;
  /** Linux: the interface is down, and another next hop keeps the route. False elsewhere. */
  readonly dead: boolean;
}

/** A route. */
export interface RouteRecord {
  readonly family: IpFamily;
  /** The net: `192.0.2.0/24`. The default route is `0.0.0.0/0` or `::/0`. */
  readonly destination: string;
  /** The net of sources that it is for (IPv6); null for every source. */
  readonly source: string | null;
  /** Linux: 254 is main. OpenBSD: the routing table of this process. 0 on other systems. */
  readonly table: number;
  /** Of two routes to a net the lower one counts. OpenBSD: the priority. 0 on systems without one. */
  readonly metric: number;
  /** Linux: the type of service that it is for; 0 for every one. */
  readonly tos: number;
  readonly type: RouteType;
  /** Linux: its origin, RTPROT_* of linux/rtnetlink.h. Null elsewhere. */
  readonly protocol: number | null;
  /** The source address of what this host sends; null where the kernel chooses. */
  readonly preferredSource: string | null;
  /** Several for multipath (ECMP); none for a blackhole. */
  readonly nextHops: readonly NextHop[];
  /** Linux: the nexthop object (ip-nexthop(8)) that it uses; null where it has next hops of its own. */
  readonly nextHopId: number | null;
}

/** An address of an interface. */
export interface AddressRecord {
  readonly family: IpFamily;
  readonly address: string;
  /** The bits that the addresses of its net share. */
  readonly prefixLength: number;
  /** The address of the other end of a point-to-point link; null where it has none of its own. */
  readonly peer: string | null;
  readonly interface: string | null;
  readonly index: number;
  /** Linux: false for an address with a lifetime (SLAAC, DHCP). Null on systems that do not report it. */
  readonly permanent: boolean | null;
  /** Linux: not to be used for new connections. False elsewhere. */
  readonly deprecated: boolean;
  /** Linux: not usable before the check for duplicates ends. False elsewhere. */
  readonly tentative: boolean;
  /** Linux: another host has it. False elsewhere. */
  readonly duplicate: boolean;
}

/** What the kernel knows about a neighbour, in the words of ip-neighbour(8). */
export type NeighbourState =
  | 'none'
  | 'incomplete'
  | 'reachable'
  | 'stale'
  | 'delay'
  | 'probe'
  | 'failed'
  | 'noarp'
  | 'permanent';

/** A neighbour: an address on a link, and its link-layer address (ARP, neighbour discovery). */
export interface NeighbourRecord {
  readonly family: IpFamily;
  readonly address: string;
  readonly interface: string | null;
  readonly index: number;
  /** `02:00:00:00:00:01`; null while the kernel knows none. */
  readonly hardware: string | null;
  readonly state: NeighbourState;
  /** Whether it is a router (IPv6). */
  readonly router: boolean;
}

/** Whether a route is the default one: for every destination, and for every source and type of service. */
export function isDefaultRoute(route: RouteRecord): boolean {
  objectWith('isDefaultRoute: route', route, 'destination', 'source', 'tos');
  const { destination, source, tos } = route;
  return destination.endsWith('/0') && source === null && tos === 0;
}

/** Whether two records hold the same facts. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame(one[name as keyof typeof one], other[name as keyof typeof other]))
  );
}
