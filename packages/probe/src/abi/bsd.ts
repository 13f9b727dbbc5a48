import type { ProbeAbi } from './probe-abi.ts';

/**
 * FreeBSD, OpenBSD, NetBSD and DragonFly. sys/socket.h, and the option numbers of KAME that all of them have kept: netinet6/in6.h,
 * netinet/icmp6.h.
 */
export const bsd = {
  addressLength: true,
  SO_ERROR: 0x1007,
  device: null,
  mark: null,
  icmpFilter: null,
  // IPPROTO_ICMPV6, ICMP6_FILTER: a bit lets a type through.
  icmp6Filter: { level: 58, option: 18, bit: 'passes' },
  // IPPROTO_IPV6, IPV6_MULTICAST_HOPS.
  multicastHops: { level: 41, option: 10 },
  packet: null,
} as const satisfies ProbeAbi;

/** macOS: netinet/in.h and netinet6/in6.h of xnu. */
export const darwin = {
  ...bsd,
  // IPPROTO_IP, IP_BOUND_IF; IPPROTO_IPV6, IPV6_BOUND_IF.
  device: { by: 'index', ipv4: { level: 0, option: 25 }, ipv6: { level: 41, option: 125 } },
} as const satisfies ProbeAbi;
