import type { CarrierAbi } from './carrier-abi.ts';

/** A link state. `invalid` is OpenBSD's state of a link that cannot work. */
export type LinkState = 'unknown' | 'invalid' | 'down' | 'up';

/** The option that selects the types of messages: by a bit mask, or by a list of one byte each. */
export interface MessageFilter {
  readonly level: number;
  readonly option: number;
  readonly takes: 'mask' | 'types';
}

/**
 * The numbers for the decoder and the backend of routing sockets. Each system has a table, so that every format can be decoded on any
 * machine. Offsets are in bytes from the start of a message. A field describes each difference between systems.
 */
export interface RouteAbi {
  readonly littleEndian: boolean;
  readonly AF_ROUTE: number;
  readonly AF_LINK: number;
  /** The offsets of the length (16 bits), version and type (8 bits each) of a message, the same on all systems. */
  readonly rt_msghdr: { readonly rtm_msglen: 0; readonly rtm_version: 2; readonly rtm_type: 3 };
  readonly rtm: {
    readonly RTM_VERSION: number;
    readonly RTM_IFINFO: number;
    /** Null on a system that does not announce interfaces. */
    readonly RTM_IFANNOUNCE: number | null;
    readonly RTM_NEWADDR: number;
    readonly RTM_DELADDR: number;
    /**
     * A multicast address was added. Every socket gets this message, while only sockets of the interface's own routing table
     * (FreeBSD's FIBs) get RTM_NEWADDR. Null on a system without such tables.
     */
    readonly RTM_NEWMADDR: number | null;
    /** The message that reports a loss of messages; null on a system without it. */
    readonly RTM_DESYNC: number | null;
  };
  readonly if_msghdr: {
    readonly ifm_addrs: number;
    readonly ifm_flags: number;
    readonly ifm_index: number;
    readonly ifi_type: number;
    /** Null on a system whose messages have no link state: see {@link RouteAbi.carrier}. */
    readonly ifi_link_state: number | null;
    readonly sizeof_ifi_link_state: 1 | 4 | 8;
    /**
     * The offset of the socket addresses in a list: `base`, plus the 16-bit number at the offset `plus` when the message has such a
     * length. The length is used because structures grow.
     */
    readonly addresses: { readonly base: number; readonly plus: number | null };
  };
  /** Also for RTM_NEWMADDR. */
  readonly ifa_msghdr: { readonly ifam_index: number };
  /** Null on a system without RTM_IFANNOUNCE. */
  readonly if_announcemsghdr: {
    readonly ifan_index: number;
    readonly ifan_name: number;
    readonly ifan_what: number;
    readonly IFAN_ARRIVAL: number;
    readonly IFAN_DEPARTURE: number;
  } | null;
  readonly IFNAMSIZ: number;
  readonly RTAX_IFP: number;
  /** Each socket address takes a multiple of this number of bytes, and at least this number. */
  readonly sockaddrAlign: 4 | 8;
  /** The bits of ifm_flags that are valid: NetBSD sign-extends a short. */
  readonly flagsMask: number;
  readonly IFF_UP: number;
  readonly IFF_RUNNING: number;
  /** Whether an interface that is up without IFF_RUNNING cannot work. False on a system where that was not observed. */
  readonly runningTells: boolean;
  /** Set while an interface is being destroyed; 0 on a system without this flag. */
  readonly IFF_DYING: number;
  /** The type of a carp(4) interface; null on a system without carp interfaces. */
  readonly IFT_CARP: number | null;
  /** LINK_STATE_* by number. */
  readonly linkStates: readonly LinkState[];
  /** The link state of a higher number. */
  readonly linkStateBeyond: LinkState;
  /** The way to find out carriers when messages have no link state; null when they have it. */
  readonly carrier: CarrierAbi | null;
  /** sysctl(3) of the list of all interfaces with their names. */
  readonly interfaceList: readonly number[];
  /** Null on a system without such an option. */
  readonly filter: MessageFilter | null;
  /**
   * The option of setsockopt(2) that makes recvfrom(2) return ENOBUFS after a loss of messages. Null on a system without it. Older
   * versions refuse the number.
   */
  readonly SO_RERROR: number | null;
}
