/**
 * The numbers of rtnetlink(7) that the examination of a Linux host needs. They are the same on every 64-bit
 * little-endian Linux; the header of each is named beside it, under include/uapi/linux/ of the kernel.
 */
export const RTNETLINK = {
  AF_NETLINK: 16,
  NETLINK_ROUTE: 0,
  AF_INET: 2,
  AF_INET6: 10,
  // netlink.h
  NLMSG_HDRLEN: 16,
  NLMSG_ERROR: 2,
  NLMSG_DONE: 3,
  NLM_F_REQUEST: 0x1,
  NLM_F_DUMP_INTR: 0x10,
  NLM_F_DUMP: 0x300,
  NLA_HDRLEN: 4,
  NLA_TYPE_MASK: 0x3fff,
  // rtnetlink.h
  RTM_GETLINK: 18,
  RTM_GETADDR: 22,
  RTM_GETROUTE: 26,
  RTM_GETNEIGH: 30,
  RTM_GETNEXTHOP: 106,
  RTM_F_CLONED: 0x200,
  RTN_UNICAST: 1,
  RT_TABLE_MAIN: 254,
  RT_TABLE_LOCAL: 255,
  RTEXT_FILTER_SKIP_STATS: 8,
  RTA: { DST: 1, OIF: 4, MULTIPATH: 9, TABLE: 15, NH_ID: 30 },
  // if_addr.h
  IFA: { ADDRESS: 1, LOCAL: 2, FLAGS: 8, PROTO: 11 },
  IFA_F_PERMANENT: 0x80,
  IFAPROT_KERNEL_LL: 3,
  // neighbour.h
  NDA: { DST: 1 },
  NUD_PERMANENT: 0x80,
  NTF_PROXY: 0x08,
  // nexthop.h
  NHA: { ID: 1, GROUP: 2, OIF: 5 },
  // if_link.h; IFLA_INET6_CONF is an array of 32-bit numbers by DEVCONF_* of ipv6.h
  IFLA: { ADDRESS: 1, LINKINFO: 18, AF_SPEC: 26, EXT_MASK: 29 },
  IFLA_INFO: { KIND: 1, DATA: 2 },
  IFLA_INET6_CONF: 2,
  DEVCONF_KEEP_ADDR_ON_DOWN: 42,
  // if_link.h, if_vlan.h
  IFLA_VLAN_FLAGS: 2,
  VLAN_FLAG_LOOSE_BINDING: 0x4,
  VLAN_FLAG_BRIDGE_BINDING: 0x10,
  IFLA_BOND: { MIIMON: 3, ARP_INTERVAL: 7 },
} as const;

/** Sizes of the headers before the attributes, by what is asked for. */
export const HEADER_BYTES = {
  /** struct ifinfomsg */
  link: 16,
  /** struct ifaddrmsg */
  address: 8,
  /** struct rtmsg */
  route: 12,
  /** struct ndmsg */
  neighbour: 12,
  /** struct nhmsg */
  nextHop: 8,
} as const;
