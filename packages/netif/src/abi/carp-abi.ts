/** Where the nodes (virtual hosts) of a carp are in a `struct carpreq`: one of each field, or arrays of them. */
export interface CarpNodesLayout {
  /** Elements of each array; 1 where the fields are plain. */
  readonly count: number;
  /** Bytes of an element. */
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
  /** How many structures there is room for: 1 has to be written, where it exists. */
  readonly carpr_count: number | null;
  /** The name of the interface below, where it is told. */
  readonly carpr_carpdev: number | null;
}

/** carp(4): SIOCGVH, whose argument is a `struct ifreq` that points to a `struct carpreq`. */
export interface CarpAbi {
  /** Whose name the request takes: the carp interface's own, or that of the interface that has the vhid. */
  readonly on: 'carp-interface' | 'vhid-of-parent';
  readonly SIOCGVH: number;
  /** Null where advskew is not set here: those systems set the carp interface up and down instead. */
  readonly SIOCSVH: number | null;
  readonly carpreq: CarpreqLayout;
  /** The errnos that say: this interface is no carp. */
  readonly noCarp: readonly string[];
}

/** What is the same of every demotion counter. */
interface Demotion {
  /** What the kernel itself adds for a carp whose parent has failed. */
  readonly usual: number;
  /** A sum below is refused; null where none is. */
  readonly least: number | null;
}

/** The demotion counter of an interface group: SIOCSIFGATTR adds to it. */
export interface GroupDemotion extends Demotion {
  readonly how: 'group';
  readonly SIOCGIFGATTR: number;
  readonly SIOCSIFGATTR: number;
  /** The group of every carp interface. */
  readonly group: string;
  /** `struct ifgroupreq`, with `ifgr_attrib.ifg_carp_demoted`, an int. */
  readonly ifgroupreq: { readonly size: number; readonly ifgr_name: number; readonly ifgr_attrib: number };
}

/** The demotion counter of the machine: what is written to this sysctl, an int, is added to it. */
export interface SysctlDemotion extends Demotion {
  readonly how: 'sysctl';
  readonly sysctl: string;
}

export type DemotionAbi = GroupDemotion | SysctlDemotion;
