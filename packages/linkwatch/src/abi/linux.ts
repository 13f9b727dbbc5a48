import type { NetlinkAbi } from './netlink-abi.ts';

/**
 * Linux, x64 and arm64 (the numbers are the same on both).
 *
 * Compiled from Debian 12's linux-libc-dev 6.1 headers on both architectures and compared with the tables of
 * golang/sys and rust-lang/libc. The header of each group is named beside it, under include/uapi/ of the kernel.
 */
export const linux = {
  littleEndian: true,
  socket: {
    AF_UNSPEC: 0, // linux/socket.h
    AF_NETLINK: 16, // linux/socket.h
    NETLINK_ROUTE: 0, // linux/netlink.h
    SOCK_RAW: 3, // linux/net.h
    SOCK_NONBLOCK: 0x800, // linux/net.h, O_NONBLOCK of asm-generic/fcntl.h
    SOL_SOCKET: 1, // asm-generic/socket.h
    SO_RCVBUF: 8, // asm-generic/socket.h
    SO_RCVBUFFORCE: 33, // asm-generic/socket.h
    SO_ATTACH_FILTER: 26, // asm-generic/socket.h
    SO_DETACH_FILTER: 27, // asm-generic/socket.h
    SOL_NETLINK: 270, // linux/socket.h
    NETLINK_EXT_ACK: 11, // linux/netlink.h
    NETLINK_LISTEN_ALL_NSID: 8, // linux/netlink.h
    MSG_TRUNC: 0x20, // linux/socket.h
    RTMGRP_LINK: 1, // linux/rtnetlink.h: a bit mask, for bind(2)
  },
  // asm-generic/errno-base.h
  errno: { EBUSY: 16, ENODEV: 19, ENOMEM: 12 },
  // linux/netlink.h
  nlmsg: {
    NLMSG_ALIGNTO: 4,
    NLMSG_HDRLEN: 16,
    NLMSG_NOOP: 1,
    NLMSG_ERROR: 2,
    NLMSG_DONE: 3,
    NLMSG_OVERRUN: 4,
    NLM_F_REQUEST: 1,
    NLM_F_MULTI: 2,
    NLM_F_DUMP_INTR: 0x10,
    NLM_F_DUMP: 0x300,
  },
  // linux/rtnetlink.h
  rtm: { RTM_NEWLINK: 16, RTM_DELLINK: 17, RTM_GETLINK: 18 },
  // linux/netlink.h
  nlattr: { NLA_HDRLEN: 4, NLA_ALIGNTO: 4, NLA_TYPE_MASK: 0x3fff },
  // linux/if_link.h; RTEXT_FILTER_SKIP_STATS: linux/rtnetlink.h
  ifla: {
    IFLA_IFNAME: 3,
    IFLA_LINK: 5,
    IFLA_MASTER: 10,
    IFLA_WIRELESS: 11,
    IFLA_OPERSTATE: 16,
    IFLA_LINKINFO: 18,
    IFLA_IFALIAS: 20,
    IFLA_EXT_MASK: 29,
    IFLA_CARRIER: 33,
    IFLA_LINK_NETNSID: 37,
    IFLA_PROTO_DOWN: 39,
    IFLA_PROTO_DOWN_REASON: 55,
    IFLA_PROTO_DOWN_REASON_VALUE: 2,
    IFLA_CARRIER_UP_COUNT: 47,
    IFLA_CARRIER_DOWN_COUNT: 48,
    IFLA_PROP_LIST: 52,
    IFLA_ALT_IFNAME: 53,
    IFLA_INFO_KIND: 1,
    RTEXT_FILTER_SKIP_STATS: 8,
  },
  // linux/if.h
  name: { IFNAMSIZ: 16, ALTIFNAMSIZ: 128 },
  // linux/if.h
  iff: { IFF_UP: 0x1, IFF_RUNNING: 0x40, IFF_LOWER_UP: 0x10000, IFF_DORMANT: 0x20000 },
  // linux/bpf_common.h; BPF_MISC, BPF_TAX, SKF_AD_*: linux/filter.h
  bpf: {
    BPF_LD: 0x00,
    BPF_LDX: 0x01,
    BPF_ALU: 0x04,
    BPF_JMP: 0x05,
    BPF_RET: 0x06,
    BPF_MISC: 0x07,
    BPF_W: 0x00,
    BPF_H: 0x08,
    BPF_IMM: 0x00,
    BPF_ABS: 0x20,
    BPF_IND: 0x40,
    BPF_AND: 0x50,
    BPF_JEQ: 0x10,
    BPF_JSET: 0x40,
    BPF_K: 0x00,
    BPF_TAX: 0x00,
    BPF_MAXINSNS: 4096,
    SKF_AD_OFF: 0xffff_f000,
    SKF_AD_NLATTR: 12,
  },
  // linux/if.h IF_OPER_UNKNOWN = 0 and following; the words: net/core/net-sysfs.c operstates[]
  operstates: ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'],
} as const satisfies NetlinkAbi;
