import type { ProbeAbi } from './probe-abi.ts';

/** Linux, x64 and arm64. asm-generic/socket.h, linux/icmp.h, linux/icmpv6.h, linux/in6.h, linux/if_ether.h, linux/if_packet.h, linux/filter.h,
 * linux/sockios.h. */
export const linux = {
  addressLength: false,
  SO_ERROR: 4,
  // SO_BINDTODEVICE. It needs no right since Linux 5.7.
  device: { by: 'name', option: { level: 1, option: 25 } },
  // SO_MARK. It needs CAP_NET_ADMIN, or CAP_NET_RAW since Linux 5.17.
  mark: { level: 1, option: 36 },
  // SOL_RAW, ICMP_FILTER: a bit holds a type back.
  icmpFilter: { level: 255, option: 1 },
  // IPPROTO_ICMPV6, ICMPV6_FILTER.
  icmp6Filter: { level: 58, option: 1, bit: 'blocks' },
  // IPPROTO_IPV6, IPV6_MULTICAST_HOPS.
  multicastHops: { level: 41, option: 18 },
  packet: {
    AF_PACKET: 17,
    ETH_P_ARP: 0x0806,
    ETH_P_ALL: 0x0003,
    ETH_P_IP: 0x0800,
    ETH_P_IPV6: 0x86dd,
    SOL_PACKET: 263,
    PACKET_ADD_MEMBERSHIP: 1,
    PACKET_IGNORE_OUTGOING: 23,
    PACKET_MR_MULTICAST: 0,
    PACKET_OUTGOING: 4,
    SKF_AD_PROTOCOL: 0,
    SKF_AD_VLAN_TAG: 44,
    SIOCGIFINDEX: 0x8933,
    SIOCGIFHWADDR: 0x8927,
    SIOCGIFADDR: 0x8915,
  },
} as const satisfies ProbeAbi;
