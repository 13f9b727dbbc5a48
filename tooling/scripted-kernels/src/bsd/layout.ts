import type { Platform } from '@ifdepd/libc';

/** The states of a link. Each system has its own numbers for them. */
export type ScriptedLink = 'unknown' | 'invalid' | 'down' | 'up';

/** The offsets of the fields in the header of a routing message, in bytes. */
export interface MessageHeader {
  readonly size: number;
  readonly index: number;
  readonly addrs: number;
  readonly flags: number;
}

/** A filter of the routing socket: a bit mask of types, or a list of types, one byte each. */
export interface MessageFilter {
  readonly level: number;
  readonly option: number;
  readonly takes: 'mask' | 'types';
}

/** `struct carpreq`, written apart from the tables of @ifdepd/netif, so that each checks the other. */
export interface ScriptedCarpreq {
  readonly carpr_state: number;
  readonly carpr_vhid: number;
  readonly carpr_advskew: number;
  readonly carpr_advbase: number;
  readonly carpr_carpdev: number | null;
  /** The size of the first three fields: 1 for arrays of bytes. */
  readonly width: 1 | 4;
}

/** The numbers from the headers of a BSD: the format of its routing messages and requests. */
export interface BsdLayout {
  readonly platform: Platform;
  readonly AF_ROUTE: number;
  readonly AF_INET6: number;
  readonly iflist: readonly number[];
  readonly rtm: {
    readonly RTM_VERSION: number;
    readonly RTM_IFINFO: number;
    readonly RTM_IFANNOUNCE: number | null;
    readonly RTM_NEWADDR: number;
    readonly RTM_DELADDR: number;
    /** Sent with the first address of an interface, to sockets of every routing table. Null on systems where it is not scripted. */
    readonly RTM_NEWMADDR: number | null;
    /** Sent after an overflow. Null on a system without it. */
    readonly RTM_DESYNC: number | null;
  };
  /** The offset of the length of a header; null on a system without it. */
  readonly hdrlen: number | null;
  readonly if_msghdr: MessageHeader & {
    readonly ifi_type: number;
    /** Null on a system whose messages have no link state. */
    readonly ifi_link_state: number | null;
    readonly sizeof_ifi_link_state: 1 | 4 | 8;
    /** The offset of the length of `struct if_data`, and that length. */
    readonly ifi_datalen: { readonly at: number; readonly value: number } | null;
  };
  readonly rt_msghdr: MessageHeader;
  readonly ifa_msghdr: MessageHeader;
  readonly if_announcemsghdr: {
    readonly size: number;
    readonly ifan_index: number;
    readonly ifan_name: number;
    readonly ifan_what: number;
  } | null;
  readonly sizeof_sockaddr_dl: number;
  /** Whether sdl_len counts the whole structure, rounded up, or only up to the end of the name and the address. */
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
  /** The option after which an overflow is reported once as ENOBUFS; null on a system without it. */
  readonly SO_RERROR: number | null;
  readonly behaviour: BsdBehaviour;
}

/**
 * The differences in behaviour between kernels. FreeBSD 13.0 and NetBSD 7.99.34 were observed. The other systems follow their source,
 * and the least helpful possibility when the source leaves a choice.
 */
export interface BsdBehaviour {
  /** Whether if_flags is a short, so that messages have 0xffff8843 for 0x8843. */
  readonly signExtendedFlags: boolean;
  /** The link state of lo0. */
  readonly loopbackLink: ScriptedLink;
  /** Whether an interface that is set up sends a message with IFF_UP alone, then one with IFF_RUNNING. */
  readonly up: readonly ('up' | 'running')[];
  /** Whether a link that changed while the interface was down is reported at the next up, before IFF_UP is set. */
  readonly lateLinkMessage: boolean;
  /** Whether RTM_IFINFO reports that a new address has set IFF_UP. */
  readonly addressReportsFlags: boolean;
  /** Whether going down reports each address as deleted, and going up as new. */
  readonly addressesFollowAdmin: boolean;
  /** The flag of an interface that is being destroyed, which keeps IFF_RUNNING; 0 for none. */
  readonly dying: number;
  /** Whether an interface can be renamed, which is reported as a departure and an arrival. */
  readonly renames: boolean;
  /** Whether a card that was never up does not know its carrier. */
  readonly mediaUnknownBeforeUp: boolean;
  /** The errno of SIOCGIFMEDIA for an interface without media. */
  readonly noMediaErrno: number;
  /** The least number of bytes that a queued message takes of SO_RCVBUF. */
  readonly chargedAtLeast: number;
  /** The most messages in a queue, of any size; null without a limit. */
  readonly messagesAtMost: number | null;
  /** The largest SO_RCVBUF. A larger one is refused with ENOBUFS and changes nothing. */
  readonly maxRcvbuf: number;
  /** carp(4): an interface of its own, or a vhid of another; null on a system without it. */
  readonly carp: 'interface' | 'vhid' | null;
  /** Whether carp enters INIT when its parent loses its link, and not only when the parent is set down. */
  readonly carpFollowsLink: boolean;
  /** Whether the carp reports DOWN, UNKNOWN and DOWN around the messages of a parent that is set up again. */
  readonly carpBounces: boolean;
  readonly demotion: 'group' | 'sysctl' | null;
  /** Whether a kernel-event socket reports links, and RTM_IFINFO does not. */
  readonly kernelEvents: boolean;
  /** Whether vlan, lagg and bridge were observed and can be scripted. */
  readonly layers: boolean;
}
