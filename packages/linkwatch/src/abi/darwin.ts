import { bsd, interfaceList } from './bsd.ts';
import { darwinCarrier } from './darwin-carrier.ts';
import type { RouteAbi } from './route-abi.ts';

/**
 * macOS 11 and later, x64 and arm64. The numbers are the same on both.
 *
 * Compiled from the headers of the SDKs of macOS 11 and 13 and compared with golang/net and rust-lang/libc.
 */
export const darwin = {
  ...bsd,
  AF_ROUTE: 17, // sys/socket.h
  // net/route.h. Kernel events announce interfaces.
  rtm: {
    RTM_VERSION: 5,
    RTM_IFINFO: 14,
    RTM_IFANNOUNCE: null,
    RTM_NEWADDR: 12,
    RTM_DELADDR: 13,
    RTM_NEWMADDR: null,
    RTM_DESYNC: null,
  },
  // net/if_var.h. Packed to four bytes, without a link state.
  if_msghdr: {
    ifm_addrs: 4,
    ifm_flags: 8,
    ifm_index: 12,
    ifi_type: 16,
    ifi_link_state: null,
    sizeof_ifi_link_state: 1,
    addresses: { base: 112, plus: null },
  },
  ifa_msghdr: { ifam_index: 12 }, // net/if_var.h
  if_announcemsghdr: null,
  sockaddrAlign: 4, // bsd/net/rtsock.c, ROUNDUP32
  flagsMask: 0xffff, // bsd/net/if_var.h: if_flags is a u_int16_t
  IFF_DYING: 0,
  IFT_CARP: null,
  linkStates: ['unknown'],
  linkStateBeyond: 'unknown',
  carrier: darwinCarrier,
  interfaceList: interfaceList(17, 3), // sys/socket.h
  filter: null,
  SO_RERROR: null,
} as const satisfies RouteAbi;
