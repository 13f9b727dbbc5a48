/** Generic netlink, and the family that names all others: linux/genetlink.h. */
export const genl = {
  GENL_ID_CTRL: 0x10,
  CTRL_CMD_GETFAMILY: 3,
  CTRL_ATTR_FAMILY_ID: 1,
  CTRL_ATTR_FAMILY_NAME: 2,
  CTRL_ATTR_VERSION: 3,
  CTRL_ATTR_HDRSIZE: 4,
  CTRL_ATTR_MAXATTR: 5,
  CTRL_ATTR_MCAST_GROUPS: 7,
  // in each element of CTRL_ATTR_MCAST_GROUPS
  CTRL_ATTR_MCAST_GRP_NAME: 1,
  CTRL_ATTR_MCAST_GRP_ID: 2,
  /** Bytes of a family's name with its NUL. */
  GENL_NAMSIZ: 16,
} as const;

/** `struct genlmsghdr` of linux/genetlink.h: begins every message of generic netlink. */
export const genlmsghdr = { size: 4, fields: { cmd: [0, 'u8'], version: [1, 'u8'] } } as const;
