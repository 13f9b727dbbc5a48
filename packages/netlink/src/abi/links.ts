/** Attributes of links: linux/if_link.h. */
export const ifla = {
  IFLA_ADDRESS: 1,
  IFLA_IFNAME: 3,
  IFLA_MTU: 4,
  IFLA_LINK: 5,
  IFLA_STATS: 7,
  IFLA_MASTER: 10,
  IFLA_WIRELESS: 11,
  IFLA_OPERSTATE: 16,
  IFLA_LINKINFO: 18,
  IFLA_IFALIAS: 20,
  IFLA_VFINFO_LIST: 22,
  IFLA_AF_SPEC: 26,
  IFLA_EXT_MASK: 29,
  IFLA_CARRIER: 33,
  IFLA_LINK_NETNSID: 37,
  IFLA_PROTO_DOWN: 39,
  IFLA_CARRIER_UP_COUNT: 47,
  IFLA_CARRIER_DOWN_COUNT: 48,
  IFLA_PROP_LIST: 52,
  IFLA_ALT_IFNAME: 53,
  IFLA_PROTO_DOWN_REASON: 55,
  // in IFLA_PROTO_DOWN_REASON
  IFLA_PROTO_DOWN_REASON_MASK: 1,
  IFLA_PROTO_DOWN_REASON_VALUE: 2,
  // in IFLA_VFINFO_LIST, once for each virtual function, and in that
  IFLA_VF_INFO: 1,
  IFLA_VF_LINK_STATE: 5,
  // in IFLA_LINKINFO
  IFLA_INFO_KIND: 1,
  IFLA_INFO_DATA: 2,
  IFLA_INFO_SLAVE_KIND: 4,
  IFLA_INFO_SLAVE_DATA: 5,
  // in IFLA_INFO_DATA of a vlan, and of a bond
  IFLA_VLAN_FLAGS: 2,
  IFLA_BOND_MIIMON: 3,
  IFLA_BOND_ARP_INTERVAL: 7,
  // in the AF_INET6 of IFLA_AF_SPEC: an array of 32-bit numbers by DEVCONF_*
  IFLA_INET6_CONF: 2,
} as const;

/** What an RTM_GETLINK may leave out, a bit mask in IFLA_EXT_MASK: linux/rtnetlink.h. */
export const rtext = { RTEXT_FILTER_VF: 1, RTEXT_FILTER_BRVLAN: 2, RTEXT_FILTER_SKIP_STATS: 8 } as const;

/** `struct ifla_vf_link_state` of linux/if_link.h: the value of IFLA_VF_LINK_STATE. */
export const ifla_vf_link_state = { size: 8, fields: { vf: [0, 'u32'], link_state: [4, 'u32'] } } as const;

/** IFLA_VF_LINK_STATE_* of linux/if_link.h by number. */
export const vfLinkStates = ['auto', 'enable', 'disable'] as const;

/** Flags of a VLAN: linux/if_vlan.h. VLAN_FLAG_BRIDGE_BINDING since Linux 5.2. */
export const vlan = { VLAN_FLAG_LOOSE_BINDING: 0x4, VLAN_FLAG_BRIDGE_BINDING: 0x10 } as const;

/** linux/ipv6.h */
export const devconf = { DEVCONF_KEEP_ADDR_ON_DOWN: 42 } as const;

/** Bytes of a name with its NUL, and of an alternative one: linux/if.h. */
export const name = { IFNAMSIZ: 16, ALTIFNAMSIZ: 128 } as const;

/** Flags of an interface, in `ifi_flags`: linux/if.h. */
export const iff = { IFF_UP: 0x1, IFF_RUNNING: 0x40, IFF_LOWER_UP: 0x10000, IFF_DORMANT: 0x20000 } as const;

/** RFC 2863's operational states, in the words of the kernel. */
export type OperState = 'unknown' | 'notpresent' | 'down' | 'lowerlayerdown' | 'testing' | 'dormant' | 'up';

/**
 * IF_OPER_* of linux/if.h by number, IF_OPER_UNKNOWN = 0 and following, in the words of /sys/class/net/NAME/operstate
 * (operstates[] in net/core/net-sysfs.c).
 */
export const operstates = [
  'unknown',
  'notpresent',
  'down',
  'lowerlayerdown',
  'testing',
  'dormant',
  'up',
] as const satisfies readonly OperState[];

/** `struct ifinfomsg` of linux/rtnetlink.h: begins every message about a link. */
export const ifinfomsg = {
  size: 16,
  fields: {
    ifi_family: [0, 'u8'],
    ifi_type: [2, 'u16'],
    ifi_index: [4, 'i32'],
    ifi_flags: [8, 'u32'],
    ifi_change: [12, 'u32'],
  },
} as const;
