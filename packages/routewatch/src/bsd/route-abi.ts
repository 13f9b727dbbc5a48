import type { Platform } from '@ifdepd/libc';

/**
 * The numbers of one system for its routing socket and its lists of routes and interfaces. Each system has a table, so that every
 * format can be read on any machine. Offsets are in bytes from the start of a message.
 */
export interface RouteAbi {
  readonly AF_ROUTE: number;
  readonly AF_INET6: number;
  readonly RTM_VERSION: number;
  readonly RTM_IFINFO: number;
  readonly RTM_NEWADDR: number;
  /** The message that reports a loss of messages; null on a system without it. */
  readonly RTM_DESYNC: number | null;
  readonly rt_msghdr: MessageHeader & {
    readonly rtm_flags: number;
    /** OpenBSD: the routing table and the priority. Null elsewhere. */
    readonly rtm_tableid: number | null;
    readonly rtm_priority: number | null;
  };
  readonly if_msghdr: MessageHeader;
  readonly ifa_msghdr: MessageHeader;
  /** Each socket address takes a multiple of this number of bytes, and at least this number. */
  readonly sockaddrAlign: 4 | 8;
  /**
   * RTF_* of routes that are no routes of the table: neighbours (RTF_LLINFO), addresses of this host, broadcast addresses, clones,
   * and on macOS routes for sockets that are bound to an interface (RTF_IFSCOPE).
   */
  readonly hidden: number;
  readonly NET_RT_IFLIST: number;
  /** The option after which a loss of messages is reported as ENOBUFS. Null on a system without it. */
  readonly SO_RERROR: number | null;
}

/** The header of a message, before its socket addresses. */
export interface MessageHeader {
  /** Bytes; null where the message has the length of its header in the 16 bits at 4 (OpenBSD). */
  readonly size: number | null;
  readonly index: number;
  readonly addrs: number;
}

/** net/route.h: the same on FreeBSD, OpenBSD, NetBSD, DragonFly and macOS. */
export const common = {
  RTM_ADD: 1,
  RTM_DELETE: 2,
  RTM_CHANGE: 3,
  /** RTM_GET, RTM_LOSING, RTM_MISS, RTM_LOCK, RTM_RESOLVE: they report no change. */
  noChange: [4, 5, 7, 8, 11],
  RTF_UP: 0x1,
  RTF_GATEWAY: 0x2,
  RTF_HOST: 0x4,
  RTF_REJECT: 0x8,
  RTF_BLACKHOLE: 0x1000,
  RTAX_DST: 0,
  RTAX_GATEWAY: 1,
  RTAX_NETMASK: 2,
  RTAX_IFP: 4,
  RTAX_IFA: 5,
  RTAX_BRD: 7,
  AF_INET: 2,
  AF_LINK: 18,
  CTL_NET: 4,
  NET_RT_DUMP: 1,
} as const;

const NO_TABLE = { rtm_tableid: null, rtm_priority: null } as const;
const RTF_LLINFO = 0x400;
const RTF_LOCAL = 0x20_0000;
const RTF_BROADCAST = 0x40_0000;

/** FreeBSD 12 to 14, amd64 and arm64: compiled from the headers. */
const freebsd = {
  AF_ROUTE: 17,
  AF_INET6: 28,
  RTM_VERSION: 5,
  RTM_IFINFO: 14,
  RTM_NEWADDR: 12,
  RTM_DESYNC: null,
  rt_msghdr: { size: 152, index: 4, addrs: 12, rtm_flags: 8, ...NO_TABLE },
  if_msghdr: { size: 168, index: 12, addrs: 4 },
  ifa_msghdr: { size: 20, index: 12, addrs: 4 },
  sockaddrAlign: 8,
  hidden: RTF_LLINFO | RTF_LOCAL | RTF_BROADCAST,
  NET_RT_IFLIST: 3,
  SO_RERROR: 0x2_0000,
} as const satisfies RouteAbi;

/** OpenBSD 7.x, amd64 and arm64: from the headers of 7.8. Its messages have the length of their header. */
const openbsd = {
  AF_ROUTE: 17,
  AF_INET6: 24,
  RTM_VERSION: 5,
  RTM_IFINFO: 14,
  RTM_NEWADDR: 12,
  RTM_DESYNC: 16,
  rt_msghdr: { size: null, index: 6, addrs: 12, rtm_flags: 16, rtm_tableid: 8, rtm_priority: 10 },
  if_msghdr: { size: null, index: 6, addrs: 12 },
  ifa_msghdr: { size: null, index: 6, addrs: 12 },
  sockaddrAlign: 8,
  // 0x10000 is RTF_CLONED.
  hidden: RTF_LLINFO | RTF_LOCAL | RTF_BROADCAST | 0x1_0000,
  NET_RT_IFLIST: 3,
  SO_RERROR: null,
} as const satisfies RouteAbi;

/** NetBSD 8 to 10, amd64 and arm64: compiled from the headers. */
const netbsd = {
  AF_ROUTE: 34,
  AF_INET6: 24,
  RTM_VERSION: 4,
  RTM_IFINFO: 20,
  RTM_NEWADDR: 22,
  RTM_DESYNC: null,
  rt_msghdr: { size: 120, index: 4, addrs: 12, rtm_flags: 8, ...NO_TABLE },
  if_msghdr: { size: 152, index: 12, addrs: 4 },
  ifa_msghdr: { size: 32, index: 4, addrs: 12 },
  sockaddrAlign: 8,
  // RTF_LOCAL and RTF_BROADCAST have other numbers here.
  hidden: RTF_LLINFO | 0x4_0000 | 0x8_0000,
  NET_RT_IFLIST: 6,
  SO_RERROR: 0x4000,
} as const satisfies RouteAbi;

/** DragonFly 5.8 to 6.x, amd64: compiled from the headers. */
const dragonfly = {
  AF_ROUTE: 17,
  AF_INET6: 28,
  RTM_VERSION: 7,
  RTM_IFINFO: 14,
  RTM_NEWADDR: 12,
  RTM_DESYNC: null,
  rt_msghdr: { size: 152, index: 4, addrs: 12, rtm_flags: 8, ...NO_TABLE },
  if_msghdr: { size: 176, index: 4, addrs: 12 },
  ifa_msghdr: { size: 24, index: 4, addrs: 12 },
  sockaddrAlign: 8,
  // 0x20000 is RTF_WASCLONED.
  hidden: RTF_LLINFO | RTF_LOCAL | RTF_BROADCAST | 0x2_0000,
  NET_RT_IFLIST: 3,
  SO_RERROR: 0x2000,
} as const satisfies RouteAbi;

/** macOS 11 and later, x64 and arm64: compiled from the headers of the SDK. */
const darwin = {
  AF_ROUTE: 17,
  AF_INET6: 30,
  RTM_VERSION: 5,
  RTM_IFINFO: 14,
  RTM_NEWADDR: 12,
  RTM_DESYNC: null,
  rt_msghdr: { size: 92, index: 4, addrs: 12, rtm_flags: 8, ...NO_TABLE },
  if_msghdr: { size: 112, index: 12, addrs: 4 },
  ifa_msghdr: { size: 20, index: 12, addrs: 4 },
  sockaddrAlign: 4,
  // 0x20000 is RTF_WASCLONED, 0x1000000 RTF_IFSCOPE.
  hidden: RTF_LLINFO | RTF_LOCAL | RTF_BROADCAST | 0x2_0000 | 0x100_0000,
  NET_RT_IFLIST: 3,
  SO_RERROR: null,
} as const satisfies RouteAbi;

/** For the current versions of each system. */
const routeAbis: Readonly<Record<Exclude<Platform, 'linux'>, RouteAbi>> = {
  freebsd,
  openbsd,
  netbsd,
  dragonfly,
  darwin,
};

/** The table of a system; null for Linux, which has none. */
export function routeAbiOf(platform: Platform): RouteAbi | null {
  return platform === 'linux' ? null : routeAbis[platform];
}
