/** An option of setsockopt(2). */
export interface SocketOption {
  readonly level: number;
  readonly option: number;
}

/** Numbers of a system for sockets that probe. */
export interface ProbeAbi {
  /** Whether struct sockaddr begins with its length. */
  readonly addressLength: boolean;
  readonly SO_ERROR: number;
  /** Binds a socket to an interface: by its name, or by its index, which IPv6 has an option of its own for. Null: there is none. */
  readonly device:
    | { readonly by: 'name'; readonly option: SocketOption }
    | { readonly by: 'index'; readonly ipv4: SocketOption; readonly ipv6: SocketOption }
    | null;
  /** The mark of packets, for policy routing and firewalls; null on a system without it. */
  readonly mark: SocketOption | null;
  /** Types of ICMP that a raw socket does not receive, as bits; null on a system without it. */
  readonly icmpFilter: SocketOption | null;
  readonly icmp6Filter: SocketOption & {
    /** Whether a bit of the filter lets the type through, or holds it back. */
    readonly bit: 'passes' | 'blocks';
  };
  /** The hop limit that neighbour discovery must have. */
  readonly multicastHops: SocketOption;
  /** Packet sockets and the questions about an interface that ARP needs; null on a system without them. */
  readonly packet: PacketNumbers | null;
}

/** packet(7) and netdevice(7) of Linux. */
export interface PacketNumbers {
  readonly AF_PACKET: number;
  readonly ETH_P_ARP: number;
  readonly ETH_P_ALL: number;
  readonly ETH_P_IP: number;
  readonly ETH_P_IPV6: number;
  readonly SOL_PACKET: number;
  readonly PACKET_ADD_MEMBERSHIP: number;
  /** Since Linux 4.20. */
  readonly PACKET_IGNORE_OUTGOING: number;
  readonly PACKET_MR_MULTICAST: number;
  /** `sll_pkttype` of a packet that this host sends. */
  readonly PACKET_OUTGOING: number;
  /** Functions of the kernel that a socket filter calls, as offsets from SKF_AD_OFF: linux/filter.h. */
  readonly SKF_AD_PROTOCOL: number;
  readonly SKF_AD_VLAN_TAG: number;
  readonly SIOCGIFINDEX: number;
  readonly SIOCGIFHWADDR: number;
  readonly SIOCGIFADDR: number;
}

/** netinet/in.h, the same on every system. */
export const protocols = { ICMP: 1, ICMPV6: 58, IPV6: 41 } as const;
