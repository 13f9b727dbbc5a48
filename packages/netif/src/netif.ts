import type { InterfaceName } from '@ifdepd/libc';

/** The administrative state of an interface. */
export type Admin = 'up' | 'down';

/** The flag word of an interface, and the flags in it that matter here. */
export interface IfFlags {
  /** The whole word, as the kernel gave it (16 bits on Linux). */
  readonly value: number;
  /** IFF_UP: administratively up. */
  readonly up: boolean;
  /** IFF_RUNNING. On Linux: the link is up. On a BSD: the driver has its resources, whatever the state of the link. */
  readonly running: boolean;
  readonly loopback: boolean;
}

/** What an interface is. */
export interface Hardware {
  /** As `ethtool -i` prints it: `e1000e`, `veth`; '' when the kernel names none. */
  readonly driver: string;
  /**
   * The permanent hardware address, or the present one of an interface without a permanent one: `52:54:00:12:34:56`. '' when it has
   * none. A present address of more than 14 bytes is cut.
   */
  readonly address: string;
}

/** The result of {@link NetIf.setAdmin}. */
export interface SetAdmin {
  /** False when the interface was already in this state, and nothing was written. */
  readonly changed: boolean;
  readonly before: IfFlags;
  /** Read again after the write; as written where the system refuses to say them. */
  readonly after: IfFlags;
}

/** The link, as the driver reports it. */
export interface Media {
  /** Whether the driver knows the state of the link. */
  readonly valid: boolean;
  /** Whether there is a link. */
  readonly active: boolean;
}

/** The state of a carp(4). Only a master answers for the shared address. */
export type CarpState = 'init' | 'backup' | 'master';

/** One virtual host of a carp. */
export interface CarpNode {
  /** 1 to 255. */
  readonly vhid: number;
  readonly state: CarpState;
  /** 0 to 254, in units of 1/256 s. The higher it is, the later this machine advertises, and the less it is preferred. */
  readonly advskew: number;
}

/** A carp, as SIOCGVH reports it. */
export interface Carp {
  /** Master when one of its nodes is master, as the kernels compute the link state. Init without nodes. */
  readonly state: CarpState;
  /** More than one on OpenBSD only. None before a vhid is set. */
  readonly nodes: readonly CarpNode[];
  /** Seconds. */
  readonly advbase: number;
  /** The parent interface; null when the system does not report it. */
  readonly parent: string | null;
}

/** The result of {@link NetIf.setAdvskew}. */
export interface SetAdvskew {
  readonly changed: boolean;
  /** The undo value: set it again to undo the change. */
  readonly before: number;
  readonly after: number;
}

/** The result of {@link NetIf.demote}. `demote(-delta)` undoes it, also after changes by other programs. */
export interface Demoted {
  readonly delta: number;
  readonly before: number;
  readonly after: number;
}

/** Whether programs keep the carrier of an interface off, and for which reasons. */
export interface ProtoDown {
  /** IFLA_PROTO_DOWN. */
  readonly on: boolean;
  /** IFLA_PROTO_DOWN_REASON: one bit for each reason. 0 without reasons, and on kernels that keep none (before 5.9). */
  readonly reasons: number;
  /** IFF_LOWER_UP. May be true while `on` is: a macvlan gets its carrier back together with its parent interface. */
  readonly carrier: boolean;
}

/** The result of {@link NetIf.setProtoDown}. */
export interface SetProtoDown {
  /** False when the interface was already in this state, and nothing was written. */
  readonly changed: boolean;
  readonly before: ProtoDown;
  /** Read again after the write; as written where the system refuses to say them. */
  readonly after: ProtoDown;
}

/**
 * The link state of a virtual function of an SR-IOV card, as its driver sees it: `auto` that of the physical port, `enable` up
 * whatever the port is, so that functions of one card reach each other, `disable` down.
 */
export type VfLinkState = 'auto' | 'enable' | 'disable';

/** The result of {@link NetIf.setVfLinkState}. */
export interface SetVfLinkState {
  /** False when it was in this state already, and nothing was written. */
  readonly changed: boolean;
  readonly before: VfLinkState;
}

/** What a system supports besides interface flags. These are facts of its table: the system is not asked. */
export interface NetIfFeatures {
  /** The kind of carp(4): an interface of its own, a vhid of another interface (`1@em0`), or none. */
  readonly carp: 'interface' | 'vhid' | null;
  /** The demotion counter; null without one that can be written. */
  readonly demotion: {
    /** Whether each interface group has one, or the machine. */
    readonly of: 'group' | 'machine';
    /** The number that the kernel adds for a carp whose parent has failed. */
    readonly usual: number;
    /** The kernel refuses a lower sum; null when it refuses none. */
    readonly least: number | null;
  } | null;
  /** Whether {@link NetIf.setProtoDown} can keep carriers off. */
  readonly protoDown: boolean;
  /** Whether {@link NetIf.setVfLinkState} can set virtual functions. */
  readonly vfLinkState: boolean;
  /** Whether {@link NetIf.hardware} reads driver and hardware address. */
  readonly hardware: boolean;
  /** The most bytes of an alternative name; null on a system without such names. */
  readonly alternativeNames: number | null;
}

/**
 * Reads and sets interfaces by name, through the ioctls of one control socket. Every call is synchronous and returns at once: these
 * ioctls wait for nothing but the lock of the kernel.
 *
 * Every method throws a `SystemError` of @ifdepd/libc: kind `not-found` when there is no such interface, `not-permitted` without
 * root or CAP_NET_ADMIN. Every method checks its arguments before it asks the system. It throws a `TypeError` for a value of the
 * wrong type, and a `RangeError` for a value out of range, such as a name that no interface can have.
 */
export interface NetIf extends Disposable {
  readonly features: NetIfFeatures;
  /** SIOCGIFFLAGS. Needs no privilege. */
  flags(name: string): IfFlags;
  /** Reads the flags, changes IFF_UP and no other flag, writes only when it differs, and reads the flags again. */
  setAdmin(name: string, to: Admin): SetAdmin;
  /**
   * Asks the driver for the link: ETHTOOL_GLINK, SIOCGIFMEDIA. Null for an interface without media. On Linux this also makes the
   * kernel deliver a carrier event that it holds back. Needs no privilege.
   */
  media(name: string): Media | null;
  /**
   * Linux: the driver (ETHTOOL_GDRVINFO) and the hardware address (ETHTOOL_GPERMADDR, else SIOCGIFHWADDR). Needs no privilege. Null on
   * other systems.
   */
  hardware(name: string): Hardware | null;
  /** Whether this process may set the interface. Asks the kernel with a request that changes nothing. */
  maySet(name: string): boolean;
  /**
   * SIOCGVH: reads a carp. The name is `carp0` where carp is an interface (OpenBSD, NetBSD, DragonFly), and `1@em0` where a vhid
   * belongs to an interface (FreeBSD), which is `not-found` without this vhid. Null for an interface that is no carp, and on other
   * systems.
   */
  carp(name: string): Carp | null;
  /**
   * FreeBSD: sets the advskew of an existing vhid (`1@em0`) and nothing else, and writes only when it differs. It does not create a
   * vhid: it reads the vhid first, and a missing one is `not-found`.
   *
   * @param advskew 0 to 254; carp itself demotes to 240
   * @throws {RangeError} when it is out of range
   * @throws {SystemError} kind `unsupported` on other systems, where the carp interface is set up and down instead
   */
  setAdvskew(name: string, advskew: number): SetAdvskew;
  /**
   * Reads the demotion counter: of the machine on FreeBSD, of an interface group on OpenBSD. Null on other systems.
   *
   * @param group OpenBSD only. Default: `carp`, the group that every carp interface is in
   */
  demotion(group?: string): number | null;
  /**
   * Adds to the demotion counter, so that several programs can change it. The caller must undo its own part, also after a crash.
   *
   * @throws {SystemError} kind `unsupported` on a system without a counter; EINVAL or ERANGE outside 0 to 255 on OpenBSD
   */
  demote(delta: number, group?: string): Demoted;
  /** RTM_GETLINK, Linux: whether and why programs keep the carrier off. Needs no privilege. Null on other systems. */
  protoDown(name: string): ProtoDown | null;
  /**
   * RTM_SETLINK, Linux: keeps the carrier off for a reason of the caller, or removes that reason. The reasons of other programs
   * stay, and the carrier stays off until the last reason is removed. Writes only when something differs.
   *
   * @param reason the number of a bit, 0 to 31, that no other program uses
   * @throws {RangeError} when it is out of range
   * @throws {SystemError} EOPNOTSUPP when the driver does not support protodown (macvlan and vxlan do, veth does not). Kind
   *   `unsupported` on other systems
   */
  setProtoDown(name: string, to: 'on' | 'off', reason: number): SetProtoDown;
  /**
   * Whether the kernel keeps reasons. Asks the kernel with a request that changes nothing. Linux keeps them since 5.9. An older
   * kernel ignores them, and any program can end the protodown of another one.
   */
  keepsProtoDownReasons(name: string): boolean;
  /**
   * Whether the driver of an interface supports protodown. Asks with a request that the kernel refuses in either case. Null when
   * that cannot be found out: before Linux 5.9, without CAP_NET_ADMIN, for a missing interface, and on other systems.
   */
  knowsProtoDown(name: string): boolean | null;
  /**
   * RTM_GETLINK, Linux: the link state of a virtual function. Needs no privilege. Null on other systems.
   *
   * @param name the physical function, such as `eth0`
   * @param vf the number of the virtual function, from 0
   * @throws {SystemError} kind `not-found` also when the interface has no such function
   */
  vfLinkState(name: string, vf: number): VfLinkState | null;
  /**
   * RTM_SETLINK, Linux: sets the link state of a virtual function and nothing else. Writes only when it differs.
   *
   * @throws {SystemError} kind `not-found` also when the interface has no such function; `unsupported` when the driver cannot set
   *   it, and on other systems
   */
  setVfLinkState(name: string, vf: number, to: VfLinkState): SetVfLinkState;
  /**
   * Finds the interface that has a name now: its index and its main name. Linux: asks with RTM_GETLINK, because an alternative name
   * may move between two interfaces that are down without a message.
   *
   * @param name a name or, on Linux, an alternative name of up to 127 bytes
   * @returns null when no interface has the name
   */
  resolve(name: string): InterfaceName | null;
  /** Every interface, in the order of the indices. */
  list(): readonly InterfaceName[];
  /** Closes the control socket. Later calls throw. */
  close(): void;
}
