/** The numbers that the rtnetlink decoder and socket need. A value: tests run on any machine. */
export interface NetlinkAbi {
  /** Byte order of the machine: netlink messages are in the host's. */
  readonly littleEndian: boolean;
  readonly socket: {
    readonly AF_UNSPEC: number;
    readonly AF_NETLINK: number;
    readonly NETLINK_ROUTE: number;
    readonly SOCK_RAW: number;
    readonly SOCK_NONBLOCK: number;
    readonly SOL_SOCKET: number;
    readonly SO_RCVBUF: number;
    readonly SO_RCVBUFFORCE: number;
    readonly SO_ATTACH_FILTER: number;
    readonly SO_DETACH_FILTER: number;
    readonly SOL_NETLINK: number;
    readonly NETLINK_EXT_ACK: number;
    readonly NETLINK_LISTEN_ALL_NSID: number;
    readonly MSG_TRUNC: number;
    readonly RTMGRP_LINK: number;
  };
  readonly errno: { readonly EBUSY: number; readonly ENODEV: number; readonly ENOMEM: number };
  readonly nlmsg: {
    readonly NLMSG_ALIGNTO: number;
    readonly NLMSG_HDRLEN: number;
    readonly NLMSG_NOOP: number;
    readonly NLMSG_ERROR: number;
    readonly NLMSG_DONE: number;
    readonly NLMSG_OVERRUN: number;
    readonly NLM_F_REQUEST: number;
    readonly NLM_F_MULTI: number;
    readonly NLM_F_DUMP_INTR: number;
    readonly NLM_F_DUMP: number;
  };
  readonly rtm: {
    readonly RTM_NEWLINK: number;
    readonly RTM_DELLINK: number;
    readonly RTM_GETLINK: number;
  };
  readonly nlattr: {
    readonly NLA_HDRLEN: number;
    readonly NLA_ALIGNTO: number;
    /** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    readonly NLA_TYPE_MASK: number;
  };
  readonly ifla: {
    readonly IFLA_IFNAME: number;
    readonly IFLA_LINK: number;
    readonly IFLA_MASTER: number;
    readonly IFLA_WIRELESS: number;
    readonly IFLA_OPERSTATE: number;
    readonly IFLA_LINKINFO: number;
    readonly IFLA_IFALIAS: number;
    readonly IFLA_EXT_MASK: number;
    readonly IFLA_CARRIER: number;
    readonly IFLA_LINK_NETNSID: number;
    readonly IFLA_PROTO_DOWN: number;
    readonly IFLA_PROTO_DOWN_REASON: number;
    readonly IFLA_PROTO_DOWN_REASON_VALUE: number;
    readonly IFLA_CARRIER_UP_COUNT: number;
    readonly IFLA_CARRIER_DOWN_COUNT: number;
    readonly IFLA_PROP_LIST: number;
    readonly IFLA_ALT_IFNAME: number;
    readonly IFLA_INFO_KIND: number;
    readonly RTEXT_FILTER_SKIP_STATS: number;
  };
  /** Bytes of a name with its NUL, and of an alternative one. */
  readonly name: { readonly IFNAMSIZ: number; readonly ALTIFNAMSIZ: number };
  readonly iff: {
    readonly IFF_UP: number;
    readonly IFF_RUNNING: number;
    readonly IFF_LOWER_UP: number;
    readonly IFF_DORMANT: number;
  };
  /** Classic BPF: instruction codes are sums of a class, a size or operation, and a mode or source. */
  readonly bpf: {
    readonly BPF_LD: number;
    readonly BPF_LDX: number;
    readonly BPF_ALU: number;
    readonly BPF_JMP: number;
    readonly BPF_RET: number;
    readonly BPF_MISC: number;
    readonly BPF_W: number;
    readonly BPF_H: number;
    readonly BPF_IMM: number;
    readonly BPF_ABS: number;
    readonly BPF_IND: number;
    readonly BPF_AND: number;
    readonly BPF_JEQ: number;
    readonly BPF_JSET: number;
    readonly BPF_K: number;
    readonly BPF_TAX: number;
    /** The longest program. */
    readonly BPF_MAXINSNS: number;
    /** Loads from here on are no bytes of the message, but functions of the kernel. Unsigned. */
    readonly SKF_AD_OFF: number;
    /** The function that looks for the netlink attribute of type X from offset A on: its offset, or 0. */
    readonly SKF_AD_NLATTR: number;
  };
  /** IF_OPER_* by number, in the words of /sys/class/net/<name>/operstate. */
  readonly operstates: readonly OperState[];
}

/** RFC 2863's operational states, in the kernel's words. */
export type OperState = 'unknown' | 'notpresent' | 'down' | 'lowerlayerdown' | 'testing' | 'dormant' | 'up';
