import { objectWith } from '@ifdepd/libc';
import type { OperState } from '@ifdepd/netlink';

/**
 * What the kernel says about one network interface, and nothing that we conclude from it ({@link health} does that).
 * A record never changes: a newer one takes its place.
 */
export interface LinkRecord {
  /** The kernel's number for it. A deleted and re-created interface returns with another one. */
  readonly index: number;
  /** Its name; see {@link LinkRecord.altNames}. Bytes that are not UTF-8 appear as U+DC80…U+DCFF, one for each. */
  readonly name: string;
  /** Linux: the other names it answers to, in the kernel's order. */
  readonly altNames: readonly string[];
  /** The interface flags as the system's own number (IFF_UP is 1 everywhere, little else agrees). */
  readonly flags: number;
  /** IFF_UP: an administrator wants it to work. */
  readonly adminUp: boolean;
  /** Linux: IFLA_OPERSTATE. Elsewhere the link state, in the same words. */
  readonly operstate: OperState;
  /** Whether there is a signal on the line; null where the system does not say. */
  readonly carrier: boolean | null;
  /** Linux and FreeBSD: IFF_RUNNING; null where the system does not say, or where it was not seen what it means. */
  readonly running: boolean | null;
  /** Linux: IFF_DORMANT, waiting for something outside of the kernel (802.1X). */
  readonly dormant: boolean;
  /** How often the carrier came since the interface exists; null where it is not counted. */
  readonly carrierUpCount: number | null;
  /** How often the carrier went since the interface exists; null where it is not counted. */
  readonly carrierDownCount: number | null;
  /**
   * Linux IFLA_LINK: the interface this one stands on, a VLAN's parent or a veth's peer; null for none, and for one
   * in another network namespace, whose number would mean somebody else here.
   */
  readonly linkIndex: number | null;
  /** The bridge, bond or team it is a port of; null for none. */
  readonly masterIndex: number | null;
  /** Linux IFLA_INFO_KIND: `veth`, `bridge`, `macvlan`; null for hardware. Elsewhere `carp`, and null for all others. */
  readonly kind: string | null;
  /** Linux IFLA_PROTO_DOWN: held down by a protocol on behalf of a daemon. */
  readonly protoDown: boolean;
  /**
   * Linux IFLA_PROTO_DOWN_REASON: who holds it down so, one bit for each (ip(8) writes their numbers). 0 for nobody, and
   * where the kernel keeps no reasons (before 5.9).
   */
  readonly protoDownReasons: number;
  /** The hardware type: ARPHRD_* on Linux, IFT_* on the BSDs. */
  readonly type: number;
  /** The description that an administrator gave it; null for none. */
  readonly alias: string | null;
}

/**
 * Why there is a snapshot: the first one; messages were lost; a message could not be understood or contradicted what
 * was known; somebody asked; a timer; the consumer of an async iterator was too slow.
 */
export type SnapshotCause = 'start' | 'overrun' | 'unreadable' | 'requested' | 'periodic' | 'queue-overflow';

/** The complete truth at one moment: what is not listed does not exist. */
export interface SnapshotEvent {
  readonly type: 'snapshot';
  readonly cause: SnapshotCause;
  readonly links: readonly LinkRecord[];
}

/** At least one fact of the interface differs; the name does not. */
export interface ChangedEvent {
  readonly type: 'changed';
  readonly link: LinkRecord;
  readonly was: LinkRecord;
}

/** There is a new interface. */
export interface ArrivedEvent {
  readonly type: 'arrived';
  readonly link: LinkRecord;
}

/** The interface is gone; `link` is what was last known of it. */
export interface DepartedEvent {
  readonly type: 'departed';
  readonly link: LinkRecord;
}

/**
 * The same interface has another name; other facts may differ too. Linux only: a BSD tells a departure and an arrival,
 * and so does this, as its numbers are used again at once.
 */
export interface RenamedEvent {
  readonly type: 'renamed';
  readonly link: LinkRecord;
  readonly was: LinkRecord;
  /** The name it had: `was.name`. */
  readonly from: string;
}

/**
 * Routing sockets: addresses of the interface were added or deleted. No fact of the record need differ; what hangs on
 * addresses may: FreeBSD tells in no other way that a vhid of carp(4) has become master, or is it no more.
 */
export interface TouchedEvent {
  readonly type: 'touched';
  readonly link: LinkRecord;
}

/** What happened to the interfaces of this machine. */
export type LinkEvent =
  | SnapshotEvent
  | ChangedEvent
  | ArrivedEvent
  | DepartedEvent
  | RenamedEvent
  | TouchedEvent;

/** Whether two records state the same facts. */
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
