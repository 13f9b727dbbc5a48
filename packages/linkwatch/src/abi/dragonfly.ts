import { announcement, bsd, interfaceList, linkStates } from './bsd.ts';
import type { RouteAbi } from './route-abi.ts';

/**
 * DragonFly 5.8 to 6.x, amd64 (there is no other).
 *
 * Compiled from the headers of 5.9-DEVELOPMENT and compared with golang/sys and rust-lang/libc, which are newer.
 */
export const dragonfly = {
  ...bsd,
  AF_ROUTE: 17, // sys/socket.h
  // net/route.h
  rtm: {
    RTM_VERSION: 7,
    RTM_IFINFO: 14,
    RTM_IFANNOUNCE: 17,
    RTM_NEWADDR: 12,
    RTM_DELADDR: 13,
    RTM_NEWMADDR: null,
    RTM_DESYNC: null,
  },
  // net/if.h. The fields of the header are in another order than on FreeBSD. ifi_link_state is an unsigned long.
  if_msghdr: {
    ifm_addrs: 12,
    ifm_flags: 8,
    ifm_index: 4,
    ifi_type: 16,
    ifi_link_state: 40,
    sizeof_ifi_link_state: 8,
    addresses: { base: 176, plus: null },
  },
  ifa_msghdr: { ifam_index: 4 }, // net/if.h
  if_announcemsghdr: announcement,
  sockaddrAlign: 8, // net/route.h, RT_ROUNDUP: a long
  flagsMask: 0xffff_ffff,
  IFF_DYING: 0, // 0x200000 is IFF_IDIRECT here
  IFT_CARP: 248, // net/if_types.h
  ...linkStates,
  interfaceList: interfaceList(17, 3), // sys/socket.h
  filter: { level: 17, option: 1, takes: 'mask' }, // net/route.h, ROUTE_MSGFILTER
  SO_RERROR: 0x2000, // sys/socket.h
} as const satisfies RouteAbi;
