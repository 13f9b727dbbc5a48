import type { AddressRecord, NextHop, RouteRecord } from '@ifdepd/routewatch';
import { expect, test } from 'vitest';
import type { ListTarget } from '../../src/config/local-target.ts';
import { localVerdict } from '../../src/programs/local-verdict.ts';

const hop: NextHop = {
  interface: 'eth0',
  index: 2,
  gateway: '192.0.2.9',
  weight: 1,
  onLink: false,
  linkDown: false,
  dead: false,
};
const route: RouteRecord = {
  family: 'ipv4',
  destination: '0.0.0.0/0',
  source: null,
  table: 254,
  metric: 0,
  tos: 0,
  type: 'unicast',
  protocol: 3,
  preferredSource: null,
  nextHops: [hop],
  nextHopId: null,
};
const address: AddressRecord = {
  family: 'ipv4',
  address: '192.0.2.1',
  prefixLength: 24,
  peer: null,
  interface: 'eth0',
  index: 2,
  permanent: false,
  deprecated: false,
  tentative: false,
  duplicate: false,
};
const over: NextHop = { ...hop, interface: 'eth1', index: 3, gateway: '198.51.100.9' };

const DEFAULT: ListTarget = { kind: 'route', family: 'ipv4', destination: '0.0.0.0/0' };
const BY_ETH0: ListTarget = { ...DEFAULT, interface: 'eth0' };
const NET: ListTarget = { kind: 'route', family: 'ipv4', destination: '203.0.113.0/24' };
const LEASE: ListTarget = { kind: 'address', family: 'ipv4', interface: 'eth0' };
const LEASE6: ListTarget = { kind: 'address', family: 'ipv6', interface: 'eth0' };

const INDICES = new Map([
  ['eth0', 2],
  ['eth1', 3],
]);

function verdict(
  target: ListTarget,
  routes: readonly RouteRecord[],
  addresses: readonly AddressRecord[] = [],
) {
  const { health, reason } = localVerdict(target, {
    routes,
    addresses,
    indexOf: (name) => INDICES.get(name) ?? null,
  });
  return `${health}: ${reason}`;
}

test.each<readonly [string, ListTarget, readonly RouteRecord[], string]>([
  ['none', DEFAULT, [], 'failed: no default route (IPv4)'],
  [
    'none of IPv6',
    { ...DEFAULT, family: 'ipv6', destination: '::/0' },
    [route],
    'failed: no default route (IPv6)',
  ],
  ['one', DEFAULT, [route], 'active: default route (IPv4) via 192.0.2.9 on eth0'],
  [
    'one on the link',
    DEFAULT,
    [{ ...route, nextHops: [{ ...hop, gateway: null }] }],
    'active: default route (IPv4) on eth0',
  ],
  [
    'one without a carrier',
    DEFAULT,
    [{ ...route, nextHops: [{ ...hop, linkDown: true }] }],
    'failed: default route (IPv4) via 192.0.2.9 on eth0, which has no carrier',
  ],
  [
    'one whose interface is down',
    DEFAULT,
    [{ ...route, nextHops: [{ ...hop, dead: true, linkDown: true }] }],
    'failed: default route (IPv4) via 192.0.2.9 on eth0, which is down',
  ],
  [
    'one without a carrier before one with a higher metric, which Linux does not take',
    DEFAULT,
    [
      { ...route, metric: 200, nextHops: [over] },
      { ...route, metric: 100, nextHops: [{ ...hop, linkDown: true }] },
    ],
    'failed: default route (IPv4) via 192.0.2.9 on eth0, which has no carrier',
  ],
  [
    'a dead one before one with a higher metric, which Linux takes',
    DEFAULT,
    [
      { ...route, metric: 200, nextHops: [over] },
      { ...route, metric: 100, nextHops: [{ ...hop, dead: true }] },
    ],
    'active: default route (IPv4) via 198.51.100.9 on eth1',
  ],
  [
    'one with two next hops, one of them without a carrier',
    DEFAULT,
    [{ ...route, nextHops: [{ ...hop, linkDown: true }, over] }],
    'active: default route (IPv4) via 198.51.100.9 on eth1',
  ],
  [
    'one through another interface',
    BY_ETH0,
    [{ ...route, nextHops: [over] }],
    'failed: no default route (IPv4) on eth0',
  ],
  [
    'two, the wanted one with the higher metric',
    BY_ETH0,
    [
      { ...route, nextHops: [over] },
      { ...route, metric: 100 },
    ],
    'active: default route (IPv4) via 192.0.2.9 on eth0',
  ],
  [
    'no such interface',
    { ...DEFAULT, interface: 'ppp0' },
    [route],
    'failed: no default route (IPv4): there is no interface ppp0',
  ],
  ['another net', NET, [route], 'failed: no route to 203.0.113.0/24'],
  [
    'a blackhole',
    NET,
    [{ ...route, destination: '203.0.113.0/24', type: 'blackhole', nextHops: [] }],
    'failed: no route to 203.0.113.0/24 but one of type blackhole',
  ],
  [
    'the net for one type of service',
    NET,
    [{ ...route, destination: '203.0.113.0/24', tos: 16 }],
    'failed: no route to 203.0.113.0/24',
  ],
])('of routes with %s a probe finds so, with its reason', (_, target, routes, expected) => {
  expect(verdict(target, routes)).toBe(expected);
});

const FE80 = { ...address, family: 'ipv6', address: 'fe80::1', prefixLength: 64 } as const;

test.each<readonly [string, ListTarget, readonly AddressRecord[], string]>([
  ['none', LEASE, [], 'failed: no IPv4 address on eth0'],
  ['one', LEASE, [address], 'active: 192.0.2.1/24 on eth0'],
  ['one of another interface', LEASE, [{ ...address, index: 3 }], 'failed: no IPv4 address on eth0'],
  ['one of another family', LEASE6, [address], 'failed: no IPv6 address on eth0'],
  [
    'a link-local one',
    LEASE6,
    [FE80],
    'failed: no usable IPv6 address on eth0: fe80::1 is for its link alone',
  ],
  [
    'one that the host gave itself without a lease',
    LEASE,
    [{ ...address, address: '169.254.7.7' }],
    'failed: no usable IPv4 address on eth0: 169.254.7.7 is for its link alone',
  ],
  [
    'a link-local one and a tentative one',
    LEASE6,
    [{ ...FE80, address: '2001:db8::1', tentative: true }, FE80],
    'failed: no usable IPv6 address on eth0: 2001:db8::1 is still checked for duplicates',
  ],
  [
    'a duplicate one',
    LEASE,
    [{ ...address, duplicate: true, tentative: true }],
    'failed: no usable IPv4 address on eth0: 192.0.2.1 belongs to another host, too',
  ],
  [
    'a deprecated one and a good one',
    LEASE,
    [
      { ...address, deprecated: true },
      { ...address, address: '192.0.2.2' },
    ],
    'active: 192.0.2.2/24 on eth0',
  ],
  [
    'a deprecated one',
    LEASE,
    [{ ...address, deprecated: true }],
    'failed: no usable IPv4 address on eth0: 192.0.2.1 is deprecated',
  ],
])('of addresses with %s a probe finds so, with its reason', (_, target, addresses, expected) => {
  expect(verdict(target, [], addresses)).toBe(expected);
});

test('an address of an interface that is not there is none', () => {
  expect(verdict({ ...LEASE, interface: 'ppp0' }, [])).toBe(
    'failed: no IPv4 address: there is no interface ppp0',
  );
});
