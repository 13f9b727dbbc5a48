import { announcement, bsd, interfaceList, linkStates } from './bsd.ts';
import type { RouteAbi } from './route-abi.ts';

/**
 * FreeBSD 12 to 14 (15 by the tables of golang/sys and rust-lang/libc), amd64 and arm64. The numbers are the same on both.
 *
 * Compiled from the headers of 12.1, 13.0 and 14 and compared with golang/sys and rust-lang/libc.
 */
export const freebsd = {
  ...bsd,
  AF_ROUTE: 17, // sys/socket.h
  // net/route.h
  rtm: {
    RTM_VERSION: 5,
    RTM_IFINFO: 14,
    RTM_IFANNOUNCE: 17,
    RTM_NEWADDR: 12,
    RTM_DELADDR: 13,
    RTM_NEWMADDR: 15,
    RTM_DESYNC: null,
  },
  // net/if.h. The message has the length of struct if_data (ifi_datalen), which has grown before.
  if_msghdr: {
    ifm_addrs: 4,
    ifm_flags: 8,
    ifm_index: 12,
    ifi_type: 16,
    ifi_link_state: 20,
    sizeof_ifi_link_state: 1,
    addresses: { base: 16, plus: 22 },
  },
  ifa_msghdr: { ifam_index: 12 }, // net/if.h; struct ifma_msghdr has its index at the same offset
  if_announcemsghdr: announcement,
  sockaddrAlign: 8, // net/route.h, SA_SIZE
  flagsMask: 0xffff_ffff, // rt_ifmsg() in net/rtsock.c: if_flags | if_drv_flags
  IFF_DYING: 0x200000, // net/if.h
  // Every working kind that was observed (cards, lo, vlan, lagg, bridge, epair) runs while it is up. A vlan without a parent, a
  // gif without a tunnel and a vxlan without a configuration do not run.
  runningTells: true,
  // Since FreeBSD 10 there is no carp interface: a vhid belongs to an ordinary one. 248 is IFT_WIREGUARD here.
  IFT_CARP: null,
  ...linkStates,
  interfaceList: interfaceList(17, 3), // sys/socket.h
  filter: null,
  SO_RERROR: 0x20000, // sys/socket.h, since 14
} as const satisfies RouteAbi;
