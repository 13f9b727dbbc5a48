/** The offsets of the nodes (virtual hosts) of a carp in a `struct carpreq`: single fields, or arrays. */
export interface CarpNodesLayout {
  /** The number of elements of each array; 1 for single fields. */
  readonly count: number;
  /** The size of an element in bytes. */
  readonly width: 1 | 4;
  readonly carpr_vhid: number;
  readonly carpr_state: number;
  readonly carpr_advskew: number;
}

/** `struct carpreq` of netinet/ip_carp.h: offsets and size in bytes. */
export interface CarpreqLayout {
  readonly size: number;
  readonly nodes: CarpNodesLayout;
  readonly carpr_advbase: number;
  /** The number of structures that fit, which must be 1; null on a system without this field. */
  readonly carpr_count: number | null;
  /** The name of the parent interface; null on a system that does not give it. */
  readonly carpr_carpdev: number | null;
}

/** carp(4): SIOCGVH. Its argument is a `struct ifreq` that points to a `struct carpreq`. */
export interface CarpAbi {
  /** The name that the request takes: of the carp interface, or of the interface that has the vhid. */
  readonly on: 'carp-interface' | 'vhid-of-parent';
  readonly SIOCGVH: number;
  /** Null on a system where the carp interface is set up and down instead of its advskew. */
  readonly SIOCSVH: number | null;
  readonly carpreq: CarpreqLayout;
  /** The errnos of an interface that is no carp. */
  readonly noCarp: readonly string[];
}

/** Facts of every demotion counter. */
interface Demotion {
  /** The number that the kernel adds for a carp whose parent has failed. */
  readonly usual: number;
  /** The kernel refuses a lower sum; null when it refuses none. */
  readonly least: number | null;
}

/** The demotion counter of an interface group. SIOCSIFGATTR adds to it. */
export interface GroupDemotion extends Demotion {
  readonly how: 'group';
  readonly SIOCGIFGATTR: number;
  readonly SIOCSIFGATTR: number;
  /** The group that every carp interface is in. */
  readonly group: string;
  /** `struct ifgroupreq`, with `ifgr_attrib.ifg_carp_demoted`, an int. */
  readonly ifgroupreq: { readonly size: number; readonly ifgr_name: number; readonly ifgr_attrib: number };
}

/** The demotion counter of the machine: a sysctl. The kernel adds the int that is written to it. */
export interface SysctlDemotion extends Demotion {
  readonly how: 'sysctl';
  readonly sysctl: string;
}

export type DemotionAbi = GroupDemotion | SysctlDemotion;
