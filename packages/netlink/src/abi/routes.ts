/** Types of messages: linux/rtnetlink.h. */
export const rtm = {
  RTM_NEWLINK: 16,
  RTM_DELLINK: 17,
  RTM_GETLINK: 18,
  RTM_SETLINK: 19,
  RTM_NEWADDR: 20,
  RTM_DELADDR: 21,
  RTM_GETADDR: 22,
  RTM_NEWROUTE: 24,
  RTM_DELROUTE: 25,
  RTM_GETROUTE: 26,
  RTM_NEWNEIGH: 28,
  RTM_DELNEIGH: 29,
  RTM_GETNEIGH: 30,
  RTM_NEWNEXTHOP: 104,
  RTM_DELNEXTHOP: 105,
  RTM_GETNEXTHOP: 106,
} as const;

/** Groups of notifications, by number: linux/rtnetlink.h. */
export const rtnlgrp = {
  RTNLGRP_LINK: 1,
  RTNLGRP_NEIGH: 3,
  RTNLGRP_IPV4_IFADDR: 5,
  RTNLGRP_IPV4_ROUTE: 7,
  RTNLGRP_IPV6_IFADDR: 9,
  RTNLGRP_IPV6_ROUTE: 11,
  RTNLGRP_NEXTHOP: 32,
} as const;

/** Attributes of routes: linux/rtnetlink.h. */
export const rta = {
  RTA_DST: 1,
  RTA_SRC: 2,
  RTA_IIF: 3,
  RTA_OIF: 4,
  RTA_GATEWAY: 5,
  RTA_PRIORITY: 6,
  RTA_PREFSRC: 7,
  RTA_MULTIPATH: 9,
  RTA_TABLE: 15,
  RTA_VIA: 18,
  RTA_NH_ID: 30,
} as const;

/** What a route is, who has set it, how far it reaches, where it stands: linux/rtnetlink.h. */
export const route = {
  RTM_F_CLONED: 0x200,
  RTN_UNICAST: 1,
  RTN_LOCAL: 2,
  RTN_BROADCAST: 3,
  RTN_ANYCAST: 4,
  RTN_MULTICAST: 5,
  RTN_BLACKHOLE: 6,
  RTN_UNREACHABLE: 7,
  RTN_PROHIBIT: 8,
  RTN_THROW: 9,
  RTPROT_KERNEL: 2,
  RTPROT_BOOT: 3,
  RTPROT_STATIC: 4,
  RTPROT_RA: 9,
  RTPROT_DHCP: 16,
  RT_SCOPE_UNIVERSE: 0,
  RT_SCOPE_LINK: 253,
  RT_SCOPE_HOST: 254,
  RT_TABLE_MAIN: 254,
  RT_TABLE_LOCAL: 255,
  RTNH_F_DEAD: 1,
  RTNH_F_ONLINK: 4,
  RTNH_F_LINKDOWN: 16,
} as const;

/** `struct rtmsg` of linux/rtnetlink.h: begins every message about a route. */
export const rtmsg = {
  size: 12,
  fields: {
    rtm_family: [0, 'u8'],
    rtm_dst_len: [1, 'u8'],
    rtm_src_len: [2, 'u8'],
    rtm_tos: [3, 'u8'],
    rtm_table: [4, 'u8'],
    rtm_protocol: [5, 'u8'],
    rtm_scope: [6, 'u8'],
    rtm_type: [7, 'u8'],
    rtm_flags: [8, 'u32'],
  },
} as const;

/** `struct rtnexthop` of linux/rtnetlink.h: one of the next hops in RTA_MULTIPATH, before its own attributes. */
export const rtnexthop = {
  size: 8,
  fields: {
    rtnh_len: [0, 'u16'],
    rtnh_flags: [2, 'u8'],
    rtnh_hops: [3, 'u8'],
    rtnh_ifindex: [4, 'i32'],
  },
} as const;

/** Attributes of nexthop objects (ip-nexthop(8)), since Linux 5.3: linux/nexthop.h. */
export const nha = { NHA_ID: 1, NHA_GROUP: 2, NHA_OIF: 5, NHA_GATEWAY: 6 } as const;

/** `struct nhmsg` of linux/nexthop.h: begins every message about a nexthop object. */
export const nhmsg = {
  size: 8,
  fields: { nh_family: [0, 'u8'], nh_scope: [1, 'u8'], nh_protocol: [2, 'u8'], nh_flags: [4, 'u32'] },
} as const;

/** `struct nexthop_grp` of linux/nexthop.h: an element of NHA_GROUP. */
export const nexthop_grp = { size: 8, fields: { id: [0, 'u32'], weight: [4, 'u8'] } } as const;
