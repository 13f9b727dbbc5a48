import { announcement, bsd, interfaceList, linkStates } from './bsd.ts';
import type { RouteAbi } from './route-abi.ts';

/**
 * NetBSD 8 to 10, amd64 and arm64. The numbers are the same on both.
 *
 * Compiled from the headers of 8.99.43, 10.99.2 and 10.99.12 and compared with rust-lang/libc.
 */
export const netbsd = {
  ...bsd,
  AF_ROUTE: 34, // sys/socket.h; 17 is AF_OROUTE, which has the formats of NetBSD 5
  // net/route.h. 14 and 15 (RTM_OOIFINFO, RTM_OIFINFO), 12 and 13 (RTM_ONEWADDR, RTM_ODELADDR) have older formats.
  rtm: {
    RTM_VERSION: 4,
    RTM_IFINFO: 20,
    RTM_IFANNOUNCE: 16,
    RTM_NEWADDR: 22,
    RTM_DELADDR: 23,
    RTM_NEWMADDR: null,
    RTM_DESYNC: null,
  },
  // net/if.h
  if_msghdr: {
    ifm_addrs: 4,
    ifm_flags: 8,
    ifm_index: 12,
    ifi_type: 16,
    ifi_link_state: 20,
    sizeof_ifi_link_state: 4,
    addresses: { base: 152, plus: null },
  },
  ifa_msghdr: { ifam_index: 4 }, // net/if.h
  if_announcemsghdr: announcement,
  sockaddrAlign: 8, // net/route.h, RT_ROUNDUP: uint64_t
  flagsMask: 0xffff, // net/if.h: if_flags is a short, and 0x8843 arrives as 0xffff8843
  IFF_DYING: 0,
  IFT_CARP: 248, // net/if_types.h
  ...linkStates,
  interfaceList: interfaceList(34, 6), // sys/socket.h
  filter: { level: 34, option: 1, takes: 'types' }, // net/route.h, RO_MSGFILTER
  SO_RERROR: 0x4000, // sys/socket.h
} as const satisfies RouteAbi;

/**
 * NetBSD 7, from which messages were captured: another header and older numbers for addresses, an older number for the list, and no
 * options.
 */
export const netbsd7 = {
  ...netbsd,
  rtm: { ...netbsd.rtm, RTM_NEWADDR: 12, RTM_DELADDR: 13 },
  ifa_msghdr: { ifam_index: 16 },
  interfaceList: interfaceList(34, 5),
  filter: null,
  SO_RERROR: null,
} as const satisfies RouteAbi;
