import type { CarrierAbi } from './carrier-abi.ts';

/** A link state as far as it says anything about a link; `invalid` is OpenBSD's for a link that cannot work. */
export type LinkState = 'unknown' | 'invalid' | 'down' | 'up';

/** The kernel can be told which types of messages to send: by a bit mask of types, or by a list of one byte each. */
export interface MessageFilter {
  readonly level: number;
  readonly option: number;
  readonly takes: 'mask' | 'types';
}

/**
 * The numbers that the routing-socket decoder and backend need: a value for each system, so that all formats are
 * decoded on any machine. Offsets in bytes from the start of a message; where two systems differ, a field says how.
 */
export interface RouteAbi {
  readonly littleEndian: boolean;
  readonly AF_ROUTE: number;
  readonly AF_LINK: number;
  /** Where each message has its length (16 bits), version and type (8 bits each): the one thing that all share. */
  readonly rt_msghdr: { readonly rtm_msglen: 0; readonly rtm_version: 2; readonly rtm_type: 3 };
  readonly rtm: {
    readonly RTM_VERSION: number;
    readonly RTM_IFINFO: number;
    /** Null where interfaces come and go without an announcement. */
    readonly RTM_IFANNOUNCE: number | null;
    readonly RTM_NEWADDR: number;
    readonly RTM_DELADDR: number;
    /**
     * A multicast address was added: told to every socket, where RTM_NEWADDR is told only to those of the interface's own
     * routing table (FreeBSD's FIBs). Null where there are no such tables.
     */
    readonly RTM_NEWMADDR: number | null;
    /** The message that says that messages were lost; null where there is none. */
    readonly RTM_DESYNC: number | null;
  };
  readonly if_msghdr: {
    readonly ifm_addrs: number;
    readonly ifm_flags: number;
    readonly ifm_index: number;
    readonly ifi_type: number;
    /** Null where messages have no link state: see {@link RouteAbi.carrier}. */
    readonly ifi_link_state: number | null;
    readonly sizeof_ifi_link_state: 1 | 4 | 8;
    /**
     * Where the socket addresses of a list begin: `base` bytes into the message, and as many more as the 16-bit number
     * at `plus` says, where the message tells a length of its own. Such a length is believed: structures grow.
     */
    readonly addresses: { readonly base: number; readonly plus: number | null };
  };
  /** Of RTM_NEWMADDR too. */
  readonly ifa_msghdr: { readonly ifam_index: number };
  /** Null where there is no RTM_IFANNOUNCE. */
  readonly if_announcemsghdr: {
    readonly ifan_index: number;
    readonly ifan_name: number;
    readonly ifan_what: number;
    readonly IFAN_ARRIVAL: number;
    readonly IFAN_DEPARTURE: number;
  } | null;
  readonly IFNAMSIZ: number;
  readonly RTAX_IFP: number;
  /** Each socket address takes a multiple of so many bytes, and at least so many. */
  readonly sockaddrAlign: 4 | 8;
  /** The bits of ifm_flags that mean something: NetBSD's come from a signed short, sign-extended. */
  readonly flagsMask: number;
  readonly IFF_UP: number;
  readonly IFF_RUNNING: number;
  /** Whether an interface that is up and not IFF_RUNNING cannot work. False where that was not observed. */
  readonly runningTells: boolean;
  /** Set while an interface is being destroyed; 0 where there is no such flag. */
  readonly IFF_DYING: number;
  /** The type of a carp(4) interface; null where carp has no interfaces of its own. */
  readonly IFT_CARP: number | null;
  /** LINK_STATE_* by number. */
  readonly linkStates: readonly LinkState[];
  /** What a number beyond those stands for. */
  readonly linkStateBeyond: LinkState;
  /** How carriers are found out where messages have no link state; null where they do. */
  readonly carrier: CarrierAbi | null;
  /** sysctl(3): the list of all interfaces, each with its name. */
  readonly interfaceList: readonly number[];
  /** Null where the kernel sends everything. */
  readonly filter: MessageFilter | null;
  /**
   * The option of setsockopt(2) after which recvfrom(2) says ENOBUFS when messages were lost. Null where there is none;
   * versions that do not know the number refuse it.
   */
  readonly SO_RERROR: number | null;
}
