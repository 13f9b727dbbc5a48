/** Numbers of Linux that no package of this repository needs: the scripted kernel and the comparison with the real one do. */

/** linux/rtnetlink.h */
export const RTM_NEWLINKPROP = 108;
export const RTM_DELLINKPROP = 109;

/** Attributes of links: linux/if_link.h, linux/veth.h. */
export const info = { VETH_INFO_PEER: 1, IFLA_VLAN_ID: 1, IFLA_MACVLAN_MODE: 1, IFLA_BOND_MODE: 1 } as const;

/** linux/if_link.h */
export const MACVLAN_MODE_BRIDGE = 4;

/** linux/if_bonding.h */
export const BOND_MODE_ACTIVEBACKUP = 1;

/** linux/if.h: the flags of an interface besides those that the packages use. */
export const iff = {
  IFF_UP: 0x1,
  IFF_BROADCAST: 0x2,
  IFF_LOOPBACK: 0x8,
  IFF_RUNNING: 0x40,
  IFF_NOARP: 0x80,
  IFF_PROMISC: 0x100,
  IFF_ALLMULTI: 0x200,
  IFF_MASTER: 0x400,
  IFF_SLAVE: 0x800,
  IFF_MULTICAST: 0x1000,
  IFF_LOWER_UP: 0x1_0000,
  IFF_DORMANT: 0x2_0000,
} as const;

/** linux/sockios.h */
export const sockios = {
  SIOCGIFFLAGS: 0x8913,
  SIOCSIFFLAGS: 0x8914,
  SIOCSIFMETRIC: 0x891e,
  SIOCGIFHWADDR: 0x8927,
  SIOCGIFINDEX: 0x8933,
  SIOCETHTOOL: 0x8946,
} as const;

/** linux/ethtool.h */
export const ETHTOOL_GLINK = 0xa;

/** IF_OPER_* of linux/if.h. */
export const oper = {
  UNKNOWN: 0,
  NOTPRESENT: 1,
  DOWN: 2,
  LOWERLAYERDOWN: 3,
  TESTING: 4,
  DORMANT: 5,
  UP: 6,
} as const;

/** Errnos of asm-generic/errno-base.h and errno.h. */
export const errno = {
  EPERM: 1,
  ENOENT: 2,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOTTY: 25,
  ENOBUFS: 105,
  ELOOP: 40,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
} as const;
