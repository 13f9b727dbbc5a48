/** The family `wireguard` of generic netlink, since Linux 5.6: linux/wireguard.h. */
export const wireguard = {
  WG_GENL_VERSION: 1,
  WG_CMD_GET_DEVICE: 0,
  WGDEVICE_A_IFINDEX: 1,
  WGDEVICE_A_PEERS: 8,
  // in each element of WGDEVICE_A_PEERS
  WGPEER_A_PUBLIC_KEY: 1,
  WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL: 5,
  WGPEER_A_LAST_HANDSHAKE_TIME: 6,
  WGPEER_A_RX_BYTES: 7,
  WGPEER_A_TX_BYTES: 8,
} as const;
