import type { CarpAbi, DemotionAbi } from './carp-abi.ts';

/** A request of ioctl(2), with its name for error messages. */
export interface Request {
  readonly name: string;
  readonly request: number;
}

/** `struct ifreq`: offsets and size in bytes. */
export interface IfreqLayout {
  readonly size: number;
  readonly ifr_name: number;
  /** The size of `ifr_name` in bytes, with the terminating NUL. */
  readonly IFNAMSIZ: number;
  /** The low 16 bits of the flags. */
  readonly ifr_flags: number;
  /** The high 16 bits, which are written back unchanged; null on a system that has them elsewhere. */
  readonly ifr_flagshigh: number | null;
  /** A pointer. */
  readonly ifr_data: number;
}

/** `ETHTOOL_GLINK` reads the link, through a `struct ethtool_value`. Two more requests read what the interface is. */
export interface EthtoolLink {
  readonly how: 'ethtool';
  readonly SIOCETHTOOL: number;
  readonly ETHTOOL_GLINK: number;
  /** `struct ethtool_value { __u32 cmd; __u32 data; }` */
  readonly ethtool_value: { readonly size: number; readonly cmd: number; readonly data: number };
  readonly ETHTOOL_GDRVINFO: number;
  /** Up to its last member; `driver` is a text of `driverSize` bytes, with a NUL. */
  readonly ethtool_drvinfo: { readonly size: number; readonly driver: number; readonly driverSize: number };
  readonly ETHTOOL_GPERMADDR: number;
  /** `struct ethtool_perm_addr { __u32 cmd; __u32 size; __u8 data[]; }` with room for the longest address. */
  readonly ethtool_perm_addr: { readonly size: number; readonly length: number; readonly data: number };
}

/** SIOCGIFMEDIA reads the link. Its argument is a `struct ifmediareq`. */
export interface IfmediaLink {
  readonly how: 'ifmedia';
  /** The requests to try in order, until the driver answers one. */
  readonly requests: readonly Request[];
  /** `ifm_status` has `sizeof_ifm_status` bytes, of which the lowest bits matter. */
  readonly ifmediareq: {
    readonly size: number;
    readonly ifm_name: number;
    readonly ifm_status: number;
    readonly sizeof_ifm_status: 4 | 8;
  };
  /** Bits of ifm_status: IFM_ACTIVE is valid; there is a link. */
  readonly IFM_AVALID: number;
  readonly IFM_ACTIVE: number;
  /** The errnos of an interface without media. */
  readonly noMedia: readonly string[];
}

/**
 * A request that needs the privilege of SIOCSIFFLAGS. The kernel checks the privilege first and then refuses the request: the errno
 * `permitted` shows that the process has the privilege.
 */
export interface RefusedProbe {
  readonly how: 'refused';
  readonly request: Request;
  readonly permitted: string;
}

/** Reads a value that the kernel does not use, and writes it back unchanged, which needs the privilege. */
export interface SameValueProbe {
  readonly how: 'same-value';
  readonly read: Request;
  readonly write: Request;
}

/** The kernel counts the carrier changes of each interface, and shows the count in a file. */
export interface CarrierCounterAbi {
  /** The directory with a subdirectory for each interface. */
  readonly directory: string;
  readonly O_RDONLY: number;
  readonly O_CLOEXEC: number;
  readonly SIOCGIFINDEX: number;
  readonly SIOCGIFHWADDR: number;
  /** The offset of an int in `struct ifreq`. */
  readonly ifr_ifindex: number;
  /** The offset of a `struct sockaddr` in `struct ifreq`. Its data begins two bytes further on. */
  readonly ifr_hwaddr: number;
}

/** The facts of a system that this package needs. A table is a value, so that all of them are tested on every machine. */
export interface NetIfAbi {
  readonly ifreq: IfreqLayout;
  readonly SIOCGIFFLAGS: number;
  readonly SIOCSIFFLAGS: number;
  /** The errno of an interface that does not exist. */
  readonly noSuchInterface: 'ENODEV' | 'ENXIO';
  readonly privilegeProbe: RefusedProbe | SameValueProbe;
  readonly IFF_UP: number;
  readonly IFF_RUNNING: number;
  readonly IFF_LOOPBACK: number;
  readonly link: EthtoolLink | IfmediaLink;
  /** Null on a system that does not show the number of carrier changes. */
  readonly carrierCounter: CarrierCounterAbi | null;
  /** Null on a system without carp(4). */
  readonly carp: CarpAbi | null;
  /** Null on a system without a demotion counter that can be written. */
  readonly demotion: DemotionAbi | null;
}
