import { bsd, interfaceList } from './bsd.ts';
import type { RouteAbi } from './route-abi.ts';

/**
 * OpenBSD 7.x, amd64 and arm64. The numbers are the same on both.
 *
 * From the headers of 7.8, compared with those of 6.5 (compiled), golang/sys and rust-lang/libc.
 */
export const openbsd = {
  ...bsd,
  AF_ROUTE: 17, // sys/socket.h
  // net/route.h. 16 is RTM_DESYNC here, and another message on other systems.
  rtm: {
    RTM_VERSION: 5,
    RTM_IFINFO: 14,
    RTM_IFANNOUNCE: 15,
    RTM_NEWADDR: 12,
    RTM_DELADDR: 13,
    RTM_NEWMADDR: null,
    RTM_DESYNC: 16,
  },
  // net/if.h. Every header has its own length (ifm_hdrlen).
  if_msghdr: {
    ifm_addrs: 12,
    ifm_flags: 16,
    ifm_index: 6,
    ifi_type: 24,
    ifi_link_state: 27,
    sizeof_ifi_link_state: 1,
    addresses: { base: 0, plus: 4 },
  },
  ifa_msghdr: { ifam_index: 6 }, // net/if.h
  // net/if.h
  if_announcemsghdr: {
    ifan_index: 6,
    ifan_name: 10,
    ifan_what: 8,
    IFAN_ARRIVAL: 0,
    IFAN_DEPARTURE: 1,
  },
  sockaddrAlign: 8, // net/rtsock.c, ROUNDUP: a long
  flagsMask: 0xffff_ffff,
  IFF_DYING: 0,
  IFT_CARP: 247, // net/if_types.h
  // net/if.h: UNKNOWN, INVALID, DOWN, KALIVE_DOWN, UP, HALF_DUPLEX, FULL_DUPLEX. LINK_STATE_IS_UP is true from UP on.
  linkStates: ['unknown', 'invalid', 'down', 'down', 'up', 'up', 'up'],
  linkStateBeyond: 'up',
  interfaceList: interfaceList(17, 3), // sys/socket.h
  filter: { level: 17, option: 1, takes: 'mask' }, // net/route.h, ROUTE_MSGFILTER
  SO_RERROR: null,
} as const satisfies RouteAbi;
