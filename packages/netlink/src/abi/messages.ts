/** Numbers of every netlink protocol: linux/netlink.h. */
export const nlmsg = {
  NLMSG_ALIGNTO: 4,
  NLMSG_HDRLEN: 16,
  NLMSG_NOOP: 1,
  NLMSG_ERROR: 2,
  NLMSG_DONE: 3,
  NLMSG_OVERRUN: 4,
  NLMSG_MIN_TYPE: 0x10,
  NLM_F_REQUEST: 0x1,
  NLM_F_MULTI: 0x2,
  NLM_F_ACK: 0x4,
  NLM_F_DUMP_INTR: 0x10,
  NLM_F_ROOT: 0x100,
  NLM_F_MATCH: 0x200,
  NLM_F_DUMP: 0x300,
  NLM_F_REPLACE: 0x100,
  NLM_F_EXCL: 0x200,
  NLM_F_CREATE: 0x400,
  NLM_F_APPEND: 0x800,
} as const;

/** Attributes: linux/netlink.h. */
export const nlattr = {
  NLA_HDRLEN: 4,
  NLA_ALIGNTO: 4,
  NLA_F_NESTED: 0x8000,
  NLA_F_NET_BYTEORDER: 0x4000,
  /** Sixteen bits of it: without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
  NLA_TYPE_MASK: 0x3fff,
} as const;

/** `struct nlmsghdr` of linux/netlink.h. */
export const nlmsghdr = {
  size: 16,
  fields: {
    nlmsg_len: [0, 'u32'],
    nlmsg_type: [4, 'u16'],
    nlmsg_flags: [6, 'u16'],
    nlmsg_seq: [8, 'u32'],
    nlmsg_pid: [12, 'u32'],
  },
} as const;
