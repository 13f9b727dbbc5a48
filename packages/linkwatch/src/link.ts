import { objectWith } from '@ifdepd/libc';
import type { OperState } from '@ifdepd/netlink';

/**
 * The kernel's facts about one network interface, without conclusions ({@link health} draws those). A record never changes: a newer
 * one replaces it.
 */
export interface LinkRecord {
  /** The number of the interface in the kernel. An interface that is deleted and created again has another one. */
  readonly index: number;
  /** The name. Each byte that is not UTF-8 appears as one of U+DC80…U+DCFF. See also {@link LinkRecord.altNames}. */
  readonly name: string;
  /** Linux: the alternative names, in the order of the kernel. */
  readonly altNames: readonly string[];
  /** The interface flags, in the numbers of the system (IFF_UP is 1 everywhere; most others differ). */
  readonly flags: number;
  /** IFF_UP: administratively up. */
  readonly adminUp: boolean;
  /** Linux: IFLA_OPERSTATE. On other systems the link state, in the same terms. */
  readonly operstate: OperState;
  /** Whether there is a carrier; null when the system does not report it. */
  readonly carrier: boolean | null;
  /** Linux and FreeBSD: IFF_RUNNING. Null when the system does not report it, and on systems where its meaning was not observed. */
  readonly running: boolean | null;
  /** Linux: IFF_DORMANT. The interface waits for an event outside of the kernel (802.1X). */
  readonly dormant: boolean;
  /** How often the carrier came since the interface exists; null when the system does not count it. */
  readonly carrierUpCount: number | null;
  /** How often the carrier went since the interface exists; null when the system does not count it. */
  readonly carrierDownCount: number | null;
  /**
   * Linux IFLA_LINK: the interface below, such as the parent of a VLAN or the peer of a veth. Null for none, and for one in another
   * network namespace, whose index would mean another interface here.
   */
  readonly linkIndex: number | null;
  /** The bridge, bond or team that the interface is a port of; null for none. */
  readonly masterIndex: number | null;
  /** Linux IFLA_INFO_KIND: `veth`, `bridge`, `macvlan`; null for hardware. On other systems `carp`, or null. */
  readonly kind: string | null;
  /** Linux IFLA_PROTO_DOWN: a program keeps the carrier off. */
  readonly protoDown: boolean;
  /**
   * Linux IFLA_PROTO_DOWN_REASON: one bit for each reason (ip(8) prints their numbers). 0 without reasons, and on kernels that keep
   * none (before 5.9).
   */
  readonly protoDownReasons: number;
  /** The hardware type: ARPHRD_* on Linux, IFT_* on the BSDs. */
  readonly type: number;
  /** The description from the administrator; null for none. */
  readonly alias: string | null;
}

/**
 * The cause of a snapshot, in the order of the values: the watch started; messages were lost; a message could not be decoded, or
 * contradicted the table; the program asked; a timer; the consumer of an async iterator was too slow.
 */
export type SnapshotCause = 'start' | 'overrun' | 'unreadable' | 'requested' | 'periodic' | 'queue-overflow';

/** The complete state at one moment: a link that is not listed does not exist. */
export interface SnapshotEvent {
  readonly type: 'snapshot';
  readonly cause: SnapshotCause;
  readonly links: readonly LinkRecord[];
}

/** At least one fact of the interface differs, but not the name. */
export interface ChangedEvent {
  readonly type: 'changed';
  readonly link: LinkRecord;
  readonly was: LinkRecord;
}

/** An interface was created. */
export interface ArrivedEvent {
  readonly type: 'arrived';
  readonly link: LinkRecord;
}

/** An interface was deleted. `link` is its last known record. */
export interface DepartedEvent {
  readonly type: 'departed';
  readonly link: LinkRecord;
}

/**
 * An interface has another name. Other facts may differ too. Linux only: a BSD reports a departure and an arrival, and so does the
 * watch, because a BSD reuses an index at once.
 */
export interface RenamedEvent {
  readonly type: 'renamed';
  readonly link: LinkRecord;
  readonly was: LinkRecord;
  /** The earlier name: `was.name`. */
  readonly from: string;
}

/**
 * Routing sockets: addresses of the interface were added or deleted. The record may be unchanged. On FreeBSD this is the only event
 * for a vhid of carp(4) that becomes master, or ceases to be master.
 */
export interface TouchedEvent {
  readonly type: 'touched';
  readonly link: LinkRecord;
}

/** An event of the interfaces of this machine. */
export type LinkEvent =
  | SnapshotEvent
  | ChangedEvent
  | ArrivedEvent
  | DepartedEvent
  | RenamedEvent
  | TouchedEvent;

/** Whether two records hold the same facts. */
export function sameLink(one: LinkRecord, other: LinkRecord): boolean {
  objectWith('sameLink: one', one);
  objectWith('sameLink: other', other);
  return (
    one === other ||
    (one.index === other.index &&
      one.name === other.name &&
      one.flags === other.flags &&
      one.adminUp === other.adminUp &&
      one.operstate === other.operstate &&
      one.carrier === other.carrier &&
      one.running === other.running &&
      one.dormant === other.dormant &&
      one.carrierUpCount === other.carrierUpCount &&
      one.carrierDownCount === other.carrierDownCount &&
      one.linkIndex === other.linkIndex &&
      one.masterIndex === other.masterIndex &&
      one.kind === other.kind &&
      one.protoDown === other.protoDown &&
      one.protoDownReasons === other.protoDownReasons &&
      one.type === other.type &&
      one.alias === other.alias &&
      one.altNames.length === other.altNames.length &&
      one.altNames.every((name, at) => name === other.altNames[at]))
  );
}
