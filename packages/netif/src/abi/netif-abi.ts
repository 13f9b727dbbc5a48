import type { CarpAbi, DemotionAbi } from './carp-abi.ts';

/** A request of ioctl(2), with its name for errors. */
export interface Request {
  readonly name: string;
  readonly request: number;
}

/** `struct ifreq`: offsets and size in bytes. */
export interface IfreqLayout {
  readonly size: number;
  readonly ifr_name: number;
  /** Bytes of `ifr_name`, the terminating NUL included. */
  readonly IFNAMSIZ: number;
  /** Sixteen bits. */
  readonly ifr_flags: number;
  /** Sixteen more, where the system has flags above the first sixteen here: they are written back as they were. */
  readonly ifr_flagshigh: number | null;
  /** A pointer. */
  readonly ifr_data: number;
}

/** The link is asked for by `ETHTOOL_GLINK` through `struct ethtool_value`. */
export interface EthtoolLink {
  readonly how: 'ethtool';
  readonly SIOCETHTOOL: number;
  readonly ETHTOOL_GLINK: number;
  /** `struct ethtool_value { __u32 cmd; __u32 data; }` */
  readonly ethtool_value: { readonly size: number; readonly cmd: number; readonly data: number };
}

/** The link is asked for by SIOCGIFMEDIA, whose argument is a `struct ifmediareq`. */
export interface IfmediaLink {
  readonly how: 'ifmedia';
  /** One after another, until one is answered. */
  readonly requests: readonly Request[];
  /** `ifm_status` has as many bytes as `sizeof_ifm_status`; its lowest bits are what counts. */
  readonly ifmediareq: {
    readonly size: number;
    readonly ifm_name: number;
    readonly ifm_status: number;
    readonly sizeof_ifm_status: 4 | 8;
  };
  /** In ifm_status: whether IFM_ACTIVE says anything; whether there is a link. */
  readonly IFM_AVALID: number;
  readonly IFM_ACTIVE: number;
  /** The errnos that say: this interface has no media. */
  readonly noMedia: readonly string[];
}

/**
 * A request that needs the privilege of SIOCSIFFLAGS and is refused after that was looked at: `permitted` is the errno
 * that says the privilege is there.
 */
export interface RefusedProbe {
  readonly how: 'refused';
  readonly request: Request;
  readonly permitted: string;
}

/** A value that nothing in the kernel uses is read, and written back as it is, which needs the privilege. */
export interface SameValueProbe {
  readonly how: 'same-value';
  readonly read: Request;
  readonly write: Request;
}

/** The kernel counts the changes of a carrier, and shows the count in a file for each interface. */
export interface CarrierCounterAbi {
  /** Holds a folder for each interface. */
  readonly directory: string;
  readonly O_RDONLY: number;
  readonly O_CLOEXEC: number;
  readonly SIOCGIFINDEX: number;
  readonly SIOCGIFHWADDR: number;
  /** In `struct ifreq`: an int. */
  readonly ifr_ifindex: number;
  /** In `struct ifreq`: a `struct sockaddr`, whose data begins two bytes further on. */
  readonly ifr_hwaddr: number;
}

/** What this package has to know about a system: a value, so that every system's table is tested on every machine. */
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
  /** Null where the system does not count the changes of a carrier, or shows them to nobody. */
  readonly carrierCounter: CarrierCounterAbi | null;
  /** Null where the system has no carp(4). */
  readonly carp: CarpAbi | null;
  /** Null where the whole machine cannot be demoted. */
  readonly demotion: DemotionAbi | null;
}
