import type { RouteAbi } from './route-abi.ts';

/** net/route.h, net/if.h, net/if_dl.h: the numbers that FreeBSD, OpenBSD, NetBSD, DragonFly and macOS share. */
export const bsd = {
  // The tables were made on amd64 and arm64.
  littleEndian: true,
  AF_LINK: 18, // sys/socket.h
  // The first four bytes of every message of every version, so that an unknown message can be skipped.
  rt_msghdr: { rtm_msglen: 0, rtm_version: 2, rtm_type: 3 },
  IFNAMSIZ: 16, // net/if.h
  RTAX_IFP: 4, // net/route.h
  IFF_UP: 0x1, // net/if.h
  IFF_RUNNING: 0x40, // net/if.h
  runningTells: false,
  carrier: null,
} as const satisfies Partial<RouteAbi>;

/** net/if.h of all except OpenBSD: LINK_STATE_UNKNOWN 0, LINK_STATE_DOWN 1, LINK_STATE_UP 2. */
export const linkStates = {
  linkStates: ['unknown', 'down', 'up'],
  linkStateBeyond: 'unknown',
} as const satisfies Partial<RouteAbi>;

/** net/if.h, `struct if_announcemsghdr`, of all except OpenBSD. */
export const announcement = {
  ifan_index: 4,
  ifan_name: 6,
  ifan_what: 22,
  IFAN_ARRIVAL: 0,
  IFAN_DEPARTURE: 1,
} as const satisfies RouteAbi['if_announcemsghdr'];

/** sysctl(3): CTL_NET, PF_ROUTE, 0, all address families, NET_RT_IFLIST, all interfaces. */
export function interfaceList(AF_ROUTE: number, NET_RT_IFLIST: number): readonly number[] {
  const CTL_NET = 4; // sys/sysctl.h
  return [CTL_NET, AF_ROUTE, 0, 0, NET_RT_IFLIST, 0];
}
