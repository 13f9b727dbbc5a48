/** Bonds: linux/if_bonding.h, and the attributes of linux/if_link.h. */
export const bond = {
  BOND_MODE_8023AD: 4,
  BOND_LINK_UP: 0,
  LACP_STATE_DISTRIBUTING: 0x20,
  LACP_STATE_DEFAULTED: 0x40,
  LACP_STATE_EXPIRED: 0x80,
  // in IFLA_INFO_DATA of a bond
  IFLA_BOND_MODE: 1,
  IFLA_BOND_AD_INFO: 23,
  // in IFLA_BOND_AD_INFO
  IFLA_BOND_AD_INFO_AGGREGATOR: 1,
  // in IFLA_INFO_SLAVE_DATA of a port of a bond
  IFLA_BOND_SLAVE_MII_STATUS: 2,
  IFLA_BOND_SLAVE_AD_AGGREGATOR_ID: 6,
  IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE: 7,
} as const;

/** `struct rtnl_link_stats` of linux/if_link.h, in IFLA_STATS: counters of 32 bits, which wrap. The fields that are read here. */
export const rtnl_link_stats = { size: 96, fields: { rx_errors: [16, 'u32'] } } as const;
