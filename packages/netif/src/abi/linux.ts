import type { NetIfAbi } from './netif-abi.ts';

/** Linux on 64-bit machines, x64 and arm64. Compiled on both: the numbers are the same. */
export const linux = {
  // linux/if.h. The union holds a struct ifmap: 40 bytes, not 32.
  ifreq: { size: 40, ifr_name: 0, IFNAMSIZ: 16, ifr_flags: 16, ifr_flagshigh: null, ifr_data: 16 },
  // linux/sockios.h
  SIOCGIFFLAGS: 0x8913,
  SIOCSIFFLAGS: 0x8914,
  // net/core/dev_ioctl.c checks CAP_NET_ADMIN over the namespace first. Then it refuses this "currently unused" request with
  // EOPNOTSUPP, for every device.
  privilegeProbe: {
    how: 'refused',
    request: { name: 'SIOCSIFMETRIC', request: 0x891e },
    permitted: 'EOPNOTSUPP',
  },
  noSuchInterface: 'ENODEV',
  // linux/if.h. ifr_flags has 16 bits. Only netlink messages have IFF_LOWER_UP (0x10000) and the two flags above it.
  IFF_UP: 0x1,
  IFF_RUNNING: 0x40,
  IFF_LOOPBACK: 0x8,
  link: {
    how: 'ethtool',
    // linux/sockios.h, linux/ethtool.h
    SIOCETHTOOL: 0x8946,
    ETHTOOL_GLINK: 0x0000000a,
    ethtool_value: { size: 8, cmd: 0, data: 4 },
    ETHTOOL_GDRVINFO: 0x00000003,
    ethtool_drvinfo: { size: 196, driver: 4, driverSize: 32 },
    ETHTOOL_GPERMADDR: 0x00000020,
    // MAX_ADDR_LEN of linux/netdevice.h is 32.
    ethtool_perm_addr: { size: 40, length: 4, data: 8 },
  },
  carrierCounter: {
    // Documentation/ABI/testing/sysfs-class-net
    directory: '/sys/class/net',
    // asm-generic/fcntl.h
    O_RDONLY: 0,
    O_CLOEXEC: 0x80000,
    // linux/sockios.h
    SIOCGIFINDEX: 0x8933,
    SIOCGIFHWADDR: 0x8927,
    // linux/if.h
    ifr_ifindex: 16,
    ifr_hwaddr: 16,
  },
  carp: null,
  demotion: null,
} as const satisfies NetIfAbi;
