/** The drivers of the emulated cards and buses. */
const hardware = [
  ...['virtio_pci', 'virtio_console', 'virtio_net', 'failover', 'net_failover'],
  ...['e1000', 'e1000e', 'vmxnet3', '8139cp'],
];

/** The kinds of interfaces that scenarios make. */
const kinds = [
  ...['veth', 'dummy', 'tun', '8021q', 'bonding', 'bridge', 'macvlan', 'ipvlan', 'vrf', 'vxlan', 'wireguard'],
  ...['team', 'team_mode_activebackup', 'team_mode_loadbalance'],
];

/** What the files of the host are read with. */
const files = ['9pnet_virtio', '9p', 'overlay'];

/** Delays packets. */
const queues = ['sch_netem'];

/** The modules that a guest loads, where its kernel has them. */
export const wantedModules: readonly string[] = [...hardware, ...kinds, ...files, ...queues];
