/** The family `ethtool` of generic netlink, since Linux 5.6: linux/ethtool_netlink.h, linux/ethtool.h. */
export const ethtool = {
  ETHTOOL_GENL_VERSION: 1,
  ETHTOOL_MSG_LINKMODES_GET: 4,
  ETHTOOL_A_LINKMODES_HEADER: 1,
  ETHTOOL_A_LINKMODES_SPEED: 5,
  ETHTOOL_A_LINKMODES_DUPLEX: 6,
  // in ETHTOOL_A_LINKMODES_HEADER
  ETHTOOL_A_HEADER_DEV_INDEX: 1,
  DUPLEX_HALF: 0,
  DUPLEX_FULL: 1,
} as const;
