/** `struct ifreq`: offsets and size in bytes. */
export interface IfreqLayout {
  readonly size: number;
  readonly ifr_name: number;
  /** Bytes of `ifr_name`, the terminating NUL included. */
  readonly IFNAMSIZ: number;
  /** Sixteen bits. */
  readonly ifr_flags: number;
  /** A pointer. */
  readonly ifr_data: number;
}

/** How the link of an interface is asked for: `ETHTOOL_GLINK` through `struct ethtool_value`. */
export interface EthtoolLink {
  readonly SIOCETHTOOL: number;
  readonly ETHTOOL_GLINK: number;
  /** `struct ethtool_value { __u32 cmd; __u32 data; }` */
  readonly ethtool_value: { readonly size: number; readonly cmd: number; readonly data: number };
}

/** What this package has to know about a system: a value, so that every system's table is tested on every machine. */
export interface NetIfAbi {
  readonly ifreq: IfreqLayout;
  readonly SIOCGIFFLAGS: number;
  readonly SIOCSIFFLAGS: number;
  /**
   * A request that needs the same privilege as SIOCSIFFLAGS and changes nothing, and the errno that says the
   * privilege is there.
   */
  readonly privilegeProbe: { readonly syscall: string; readonly request: number; readonly permitted: string };
  readonly IFF_UP: number;
  readonly IFF_RUNNING: number;
  readonly IFF_LOOPBACK: number;
  readonly link: EthtoolLink;
}
