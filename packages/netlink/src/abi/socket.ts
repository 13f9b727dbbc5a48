/** Numbers of socket calls. SOCK_*, SOL_SOCKET and MSG_* are in the target of `@ifdepd/libc`. */
export const socket = {
  // linux/socket.h
  AF_UNSPEC: 0,
  AF_INET: 2,
  AF_BRIDGE: 7,
  AF_INET6: 10,
  AF_NETLINK: 16,
  // linux/netlink.h: protocols
  NETLINK_ROUTE: 0,
  NETLINK_GENERIC: 16,
  // asm-generic/socket.h
  SO_RCVBUFFORCE: 33,
  SO_ATTACH_FILTER: 26,
  SO_DETACH_FILTER: 27,
  // linux/socket.h
  SOL_NETLINK: 270,
  // linux/netlink.h: options of SOL_NETLINK
  NETLINK_ADD_MEMBERSHIP: 1,
  NETLINK_DROP_MEMBERSHIP: 2,
  NETLINK_LISTEN_ALL_NSID: 8,
  NETLINK_EXT_ACK: 11,
  NETLINK_GET_STRICT_CHK: 12,
} as const;

/** The errnos that answers are compared with: asm-generic/errno-base.h. */
export const errno = { ENOENT: 2, EBUSY: 16, ENODEV: 19 } as const;

/** `struct sockaddr_nl` of linux/netlink.h. */
export const sockaddr_nl = {
  size: 12,
  fields: { nl_family: [0, 'u16'], nl_pid: [4, 'u32'], nl_groups: [8, 'u32'] },
} as const;
