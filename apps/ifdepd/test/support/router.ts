import {
  addressBytes,
  type KernelAddress,
  type KernelRoute,
  type LinkDetails,
} from '@ifdepd/netlink/rtnetlink';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { type Finding, findings } from '../../src/diagnose/findings.ts';
import type { HostFacts } from '../../src/diagnose/host-facts.ts';
import { type KernelFacts, NOTHING_KNOWN } from '../../src/diagnose/kernel-facts.ts';
import { type IpLink, links } from './ip-link.ts';

/** `ip -d -j link` of a router with a bond, a bridge, VLANs on both, macvlans, tunnels, a VRF and a cable. */
export const router: readonly IpLink[] = [
  { ifindex: 1, ifname: 'lo' },
  { ifindex: 2, ifname: 'eth0', master: 'bond0' },
  { ifindex: 3, ifname: 'eth1', master: 'bond0' },
  { ifindex: 4, ifname: 'bond0', linkinfo: { info_kind: 'bond' } },
  { ifindex: 5, ifname: 'bond0.10', link: 'bond0', linkinfo: { info_kind: 'vlan' } },
  { ifindex: 6, ifname: 'eth2', master: 'br0', altnames: ['enp3s0'] },
  { ifindex: 7, ifname: 'br0', linkinfo: { info_kind: 'bridge' } },
  { ifindex: 8, ifname: 'br0.20', link: 'br0', linkinfo: { info_kind: 'vlan' } },
  { ifindex: 9, ifname: 'vrrp.51', link: 'br0.20', linkinfo: { info_kind: 'macvlan' } },
  { ifindex: 10, ifname: 'eth3' },
  // A cable into another namespace, where number 10 is somebody else.
  { ifindex: 11, ifname: 'veth0', link_index: 10, link_netnsid: 0, linkinfo: { info_kind: 'veth' } },
  { ifindex: 12, ifname: 'mv-bond', link: 'bond0', linkinfo: { info_kind: 'macvlan' }, flags: ['UP'] },
  { ifindex: 13, ifname: 'vx0', link: 'eth3', linkinfo: { info_kind: 'vxlan' } },
  { ifindex: 14, ifname: 'vrf0', linkinfo: { info_kind: 'vrf' } },
  { ifindex: 15, ifname: 'eth4', master: 'vrf0' },
  { ifindex: 16, ifname: 'iv0', link: 'eth3', linkinfo: { info_kind: 'ipvlan' }, flags: ['UP'] },
  { ifindex: 17, ifname: 'eth3.30', link: 'eth3', linkinfo: { info_kind: 'vlan' } },
];

export const cable: readonly IpLink[] = [
  { ifindex: 20, ifname: 'left', link: 'right', linkinfo: { info_kind: 'veth' } },
  { ifindex: 21, ifname: 'right', link: 'left', linkinfo: { info_kind: 'veth' } },
];

export const nothing: Omit<HostFacts, 'links'> = {
  vhids: new Map(),
  kernel: NOTHING_KNOWN,
  probeRoutes: new Map(),
  keepAllAddresses: 0,
  session: new Set(),
  managerOf: () => null,
  holderOf: () => null,
  knowsProtoDown: () => null,
};

export const DETAILS: LinkDetails = {
  hardware: Uint8Array.of(2, 0, 0, 0, 0, 10),
  keepAddresses: 0,
  loose: false,
  bridgeBinding: false,
  monitored: true,
};

/** What a kernel says besides links: addresses as `index address`, routes as `net via index …`. */
export function kernel(facts: Partial<KernelFacts>): Partial<HostFacts> {
  return { kernel: { ...NOTHING_KNOWN, ...facts } };
}

export function address(index: number, text: string, more: Partial<KernelAddress> = {}): KernelAddress {
  const bytes = addressBytes(text) ?? new Uint8Array();
  const family = bytes.byteLength === 4 ? 4 : 6;
  const prefixLength = 8 * bytes.byteLength;
  const rest = { prefixLength, peer: null, flags: 0x80, scope: 0, permanent: true, protocol: 0 };
  return { index, family, bytes, ...rest, ...more };
}

export function route(net: string, indices: readonly number[], more: Partial<KernelRoute> = {}): KernelRoute {
  const [text = '', length = ''] = (net === 'default' ? '0.0.0.0/0' : net).split('/');
  const destination = addressBytes(text) ?? new Uint8Array();
  return {
    family: destination.byteLength === 4 ? 4 : 6,
    destination,
    length: Number(length),
    table: 254,
    protocol: 3,
    source: null,
    sourceLength: 0,
    tos: 0,
    scope: 0,
    type: 1,
    cloned: false,
    priority: 0,
    preferredSource: null,
    hops: indices.map((index) => ({ index, gateway: null, weight: 1, flags: 0 })),
    nextHopId: null,
    ...more,
  };
}

/** The codes and messages about one destination. */
export function messagesAbout(list: readonly Finding[], code: Finding['code']): readonly string[] {
  return list.filter((one) => one.code === code).map(({ message }) => message);
}

export function found(
  source: string,
  destination: string,
  facts: Partial<HostFacts> = {},
  more = '',
): readonly Finding[] {
  const text = `groups: {g: {sources: [${source}], destinations: [${destination}]}${more}}`;
  return findings(parseSettings(text, 'x'), { links: links(router), ...nothing, ...facts });
}
