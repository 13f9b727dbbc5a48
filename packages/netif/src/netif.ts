import type { InterfaceName } from '@ifdepd/libc';

/** Which way an interface is administratively set. */
export type Admin = 'up' | 'down';

/** The flag word of an interface, and the flags in it that matter here. */
export interface IfFlags {
  /** The whole word, as the kernel gave it (16 bits on Linux). */
  readonly value: number;
  /** IFF_UP: administratively up. */
  readonly up: boolean;
  /** IFF_RUNNING. On Linux the link is up; on a BSD the driver has its resources, which says nothing of the link. */
  readonly running: boolean;
  readonly loopback: boolean;
}

/** What {@link NetIf.setAdmin} found and did. */
export interface SetAdmin {
  /** False where the interface was that way already: nothing was written. */
  readonly changed: boolean;
  readonly before: IfFlags;
  /** Read again after the write. */
  readonly after: IfFlags;
}

/** What the driver says of the link. */
export interface Media {
  /** Whether the driver knows. */
  readonly valid: boolean;
  /** Whether there is a link. */
  readonly active: boolean;
}

/** What carp(4) is doing: only a master answers for the shared address. */
export type CarpState = 'init' | 'backup' | 'master';

/** One virtual host of a carp. */
export interface CarpNode {
  /** 1 to 255. */
  readonly vhid: number;
  readonly state: CarpState;
  /** 0 to 254, in 1/256 s: the higher, the later this machine advertises, the less it is preferred. */
  readonly advskew: number;
}

/** A carp as SIOCGVH tells it. */
export interface Carp {
  /** Master where any of its nodes is: as the kernels compute its link state. Init without nodes. */
  readonly state: CarpState;
  /** More than one on OpenBSD only; none before a vhid was set. */
  readonly nodes: readonly CarpNode[];
  /** Seconds. */
  readonly advbase: number;
  /** The interface below, where the system tells it. */
  readonly parent: string | null;
}

/** What {@link NetIf.setAdvskew} found and did. */
export interface SetAdvskew {
  readonly changed: boolean;
  /** To be remembered: setting it again undoes what was done. */
  readonly before: number;
  readonly after: number;
}

/** What {@link NetIf.demote} did. `demote(-delta)` undoes it, whoever else changed the counter meanwhile. */
export interface Demoted {
  readonly delta: number;
  readonly before: number;
  readonly after: number;
}

/** Whether the carrier of an interface is kept off on behalf of programs, and of which. */
export interface ProtoDown {
  /** IFLA_PROTO_DOWN. */
  readonly on: boolean;
  /** IFLA_PROTO_DOWN_REASON: one bit for each who wants it. 0 for nobody, and on kernels that keep none (before 5.9). */
  readonly reasons: number;
  /** IFF_LOWER_UP. While it is on, too: a macvlan gets its carrier back with the interface below, whatever this says. */
  readonly carrier: boolean;
}

/** What {@link NetIf.setProtoDown} found and did. */
export interface SetProtoDown {
  /** False where it was that way already: nothing was written. */
  readonly changed: boolean;
  readonly before: ProtoDown;
  /** Read again after the write. */
  readonly after: ProtoDown;
}

/** What a system has besides the flags of its interfaces: facts of its table, nothing is asked. */
export interface NetIfFeatures {
  /** What carp(4) is there: an interface of its own, a vhid of another one (`1@em0`), or nothing. */
  readonly carp: 'interface' | 'vhid' | null;
  /** Its demotion counter; null where it has none that can be written. */
  readonly demotion: {
    /** Whose: of each interface group, or of the machine. */
    readonly of: 'group' | 'machine';
    /** What the kernel itself adds for a carp whose parent has failed. */
    readonly usual: number;
    /** The kernel refuses a sum below; null where it refuses none. */
    readonly least: number | null;
  } | null;
  /** Whether carriers can be kept off: {@link NetIf.setProtoDown}. */
  readonly protoDown: boolean;
  /** Bytes of the longest alternative name that an interface may have; null where there are no such names. */
  readonly alternativeNames: number | null;
}

/**
 * Interfaces by name, through the ioctls of one control socket. Every call is synchronous and returns at once: no
 * ioctl used here waits for anything but the kernel's own lock.
 *
 * Every method throws a `SystemError` of @ifdepd/libc: kind `not-found` where there is no such interface, `not-permitted`
 * without root or CAP_NET_ADMIN. What it does not understand it refuses before it asks the system: a `TypeError` for a value of
 * the wrong type, a `RangeError` for one that cannot be meant, such as a name that no interface can have.
 */
export interface NetIf extends Disposable {
  readonly features: NetIfFeatures;
  /** SIOCGIFFLAGS. Needs no privilege. */
  flags(name: string): IfFlags;
  /** Reads the flags, changes IFF_UP and nothing else, writes only where that differs, and reads back. */
  setAdmin(name: string, to: Admin): SetAdmin;
  /**
   * The driver's own word on the link: ETHTOOL_GLINK, SIOCGIFMEDIA. Null where the interface has no such thing. On
   * Linux the read also makes the kernel deliver a carrier event that it holds back. Needs no privilege.
   */
  media(name: string): Media | null;
  /** Whether this process may set the interface: asks the kernel with a request that changes nothing. */
  maySet(name: string): boolean;
  /**
   * SIOCGVH: what the carp of that name is doing. `carp0` where carp is an interface (OpenBSD, NetBSD, DragonFly);
   * `1@em0` where a vhid belongs to another one (FreeBSD), not found where that has no such vhid. Null where there is
   * no carp of that kind: another interface, another system.
   */
  carp(name: string): Carp | null;
  /**
   * Sets the advskew of a vhid of FreeBSD (`1@em0`) that exists, and nothing else of it; writes only where it differs.
   * A vhid that does not exist is not made: it is read first, and then not found.
   *
   * @param advskew 0 to 254; 240 is what carp itself demotes to
   * @throws {RangeError} where it is none
   * @throws {SystemError} kind `unsupported` on other systems: there the carp interface is set up and down
   */
  setAdvskew(name: string, advskew: number): SetAdvskew;
  /**
   * The demotion counter: FreeBSD's of the machine, OpenBSD's of an interface group. Null on other systems.
   *
   * @param group OpenBSD alone; default: `carp`, which every carp interface is in
   */
  demotion(group?: string): number | null;
  /**
   * Adds to the demotion counter: as the kernels take it, so that several programs can. The reader of
   * {@link Demoted} has to undo it, after a crash too.
   *
   * @throws {SystemError} kind `unsupported` on systems that have none; OpenBSD keeps it in 0 to 255 (EINVAL, ERANGE)
   */
  demote(delta: number, group?: string): Demoted;
  /** RTM_GETLINK, Linux: who keeps the carrier off. Needs no privilege. Null on other systems. */
  protoDown(name: string): ProtoDown | null;
  /**
   * RTM_SETLINK, Linux: keeps the carrier off for a reason of the caller, or takes that reason away. Those of others
   * stay, and so does the state, until the last of them is taken away. Writes only where that differs.
   *
   * @param reason the number of a bit, 0 to 31, which nobody else uses
   * @throws {RangeError} where it is none
   * @throws {SystemError} EOPNOTSUPP where the driver does not know it: macvlan and vxlan do, veth does not. Kind
   *   `unsupported` on other systems
   */
  setProtoDown(name: string, to: 'on' | 'off', reason: number): SetProtoDown;
  /**
   * Whether the kernel keeps reasons: asks it with a request that changes nothing. Linux does since 5.9; before, it
   * passes over them, and whoever switches it off last has switched it off.
   */
  keepsProtoDownReasons(name: string): boolean;
  /**
   * Whether the driver of an interface knows protodown: asks with a request that the kernel refuses in either case. Null
   * where that is not known: before Linux 5.9, without CAP_NET_ADMIN, of an interface that is missing, elsewhere.
   */
  knowsProtoDown(name: string): boolean | null;
  /**
   * The interface that answers to a name now: its index and the name it goes by. Linux: asked by RTM_GETLINK, since an
   * alternative name may move from one interface to another that is down without a message to anybody.
   *
   * @param name Linux: or an alternative name, of up to 127 bytes
   * @returns null where there is none
   */
  resolve(name: string): InterfaceName | null;
  /** Every interface, in the order of their index. */
  list(): readonly InterfaceName[];
  /** Closes the control socket. Calls after it throw. */
  close(): void;
}
