import type { Platform } from '@ifdepd/libc';

/** States of a link, in words; each system has its numbers for them. */
export type ScriptedLink = 'unknown' | 'invalid' | 'down' | 'up';

/** Where the fields of a routing message's header are: offsets from its start, in bytes. */
export interface MessageHeader {
  readonly size: number;
  readonly index: number;
  readonly addrs: number;
  readonly flags: number;
}

/** A filter of the routing socket: by a bit mask of types, or by a list of types, one byte each. */
export interface MessageFilter {
  readonly level: number;
  readonly option: number;
  readonly takes: 'mask' | 'types';
}

/** `struct carpreq`, as in @ifdepd/netif's tables but on its own: the two check each other. */
export interface ScriptedCarpreq {
  readonly carpr_state: number;
  readonly carpr_vhid: number;
  readonly carpr_advskew: number;
  readonly carpr_advbase: number;
  readonly carpr_carpdev: number | null;
  /** Bytes of the first three: 1 where they are arrays of bytes. */
  readonly width: 1 | 4;
}

/** Numbers of a BSD's headers: what its routing messages and requests look like. */
export interface BsdLayout {
  readonly platform: Platform;
  readonly AF_ROUTE: number;
  readonly iflist: readonly number[];
  readonly rtm: {
    readonly RTM_VERSION: number;
    readonly RTM_IFINFO: number;
    readonly RTM_IFANNOUNCE: number | null;
    readonly RTM_NEWADDR: number;
    readonly RTM_DELADDR: number;
    /** Told beside the first address of an interface, to sockets of every routing table; null where it is not scripted. */
    readonly RTM_NEWMADDR: number | null;
    /** Told after an overflow, where there is such a message. */
    readonly RTM_DESYNC: number | null;
  };
  /** Where each header tells its own length; null where it does not. */
  readonly hdrlen: number | null;
  readonly if_msghdr: MessageHeader & {
    readonly ifi_type: number;
    /** Null where the system tells no link state. */
    readonly ifi_link_state: number | null;
    readonly sizeof_ifi_link_state: 1 | 4 | 8;
    /** Where the length of `struct if_data` is told, and that length. */
    readonly ifi_datalen: { readonly at: number; readonly value: number } | null;
  };
  readonly ifa_msghdr: MessageHeader;
  readonly if_announcemsghdr: {
    readonly size: number;
    readonly ifan_index: number;
    readonly ifan_name: number;
    readonly ifan_what: number;
  } | null;
  readonly sizeof_sockaddr_dl: number;
  /** Whether sdl_len counts the whole structure, rounded up, or as far as the name and the address go. */
  readonly sdl_len: 'whole' | 'used';
  readonly sockaddrRoundup: 4 | 8;
  readonly link: Readonly<Record<ScriptedLink, number>>;
  readonly IFT_CARP: number;
  readonly ioctl: {
    readonly SIOCGIFFLAGS: number;
    readonly SIOCSIFFLAGS: number;
    readonly SIOCGIFMETRIC: number;
    readonly SIOCSIFMETRIC: number;
    readonly SIOCGIFMEDIA: number;
    readonly SIOCGVH: number | null;
    readonly SIOCSVH: number | null;
    readonly SIOCGIFGATTR: number | null;
    readonly SIOCSIFGATTR: number | null;
    readonly SIOCSKEVFILT: number | null;
  };
  readonly ifr_flagshigh: number | null;
  readonly ifmediareq: { readonly ifm_status: number };
  readonly carpreq: ScriptedCarpreq | null;
  readonly filter: MessageFilter | null;
  /** The option after which an overflow is reported as ENOBUFS, once; null where there is none. */
  readonly SO_RERROR: number | null;
  readonly behaviour: BsdBehaviour;
}

/**
 * What a kernel does where others do something else. Observed on FreeBSD 13.0 and NetBSD 7.99.34; where a system was
 * not observed, what its source says, and the least helpful of what is possible where that leaves a choice.
 */
export interface BsdBehaviour {
  /** if_flags is a short: in messages 0x8843 is 0xffff8843. */
  readonly signExtendedFlags: boolean;
  /** The link of lo0. */
  readonly loopbackLink: ScriptedLink;
  /** Messages of an interface that is set up: with IFF_UP alone, then with IFF_RUNNING too. */
  readonly up: readonly ('up' | 'running')[];
  /** A link that changed while the interface was down is told at the next up, before IFF_UP is set. */
  readonly lateLinkMessage: boolean;
  /** An address that is added sets IFF_UP; whether RTM_IFINFO tells that. */
  readonly addressTellsFlags: boolean;
  /** Going down tells each address as deleted, going up as new. */
  readonly addressesFollowAdmin: boolean;
  /** Set in the flags of an interface that is being destroyed, which keeps IFF_RUNNING then; 0 for none. */
  readonly dying: number;
  /** Names can be changed: told as a departure and an arrival. */
  readonly renames: boolean;
  /** A card that never was up does not know its carrier; elsewhere it does. */
  readonly mediaUnknownBeforeUp: boolean;
  /** What SIOCGIFMEDIA answers for an interface without media. */
  readonly noMediaErrno: number;
  /** The least that a queued message is charged to SO_RCVBUF. */
  readonly chargedAtLeast: number;
  /** How many messages a queue holds at most, whatever their size; null for no such limit. */
  readonly messagesAtMost: number | null;
  /** The largest SO_RCVBUF; more is ENOBUFS and changes nothing. */
  readonly maxRcvbuf: number;
  /** carp(4): an interface of its own, or a vhid of another; null where there is none. */
  readonly carp: 'interface' | 'vhid' | null;
  /** Whether carp falls to INIT when its parent loses its link, and not only when that is set down. */
  readonly carpFollowsLink: boolean;
  /** Parent up again: the carp is told DOWN, UNKNOWN and DOWN again around the parent's own messages. */
  readonly carpBounces: boolean;
  readonly demotion: 'group' | 'sysctl' | null;
  /** Links are told on a kernel-event socket only, not by RTM_IFINFO. */
  readonly kernelEvents: boolean;
  /** Whether vlan, lagg and bridge were observed and can be scripted. */
  readonly layers: boolean;
}
