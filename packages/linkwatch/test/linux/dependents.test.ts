import type { LinkDetails } from '@ifdepd/netlink/rtnetlink';
import { expect, test } from 'vitest';
import type { LinkRecord } from '../../src/index.ts';
import { dependentsOf, type SetDown, topologyOf } from '../../src/linux/index.ts';
import { linkRecord } from '../../src/testing/index.ts';

const ofLink = (index: number, name: string, kind: string | null, more: Partial<LinkRecord> = {}) =>
  linkRecord({ index, name, kind, ...more });

const links = [
  ofLink(2, 'eth0', null, { masterIndex: 4 }),
  ofLink(3, 'eth1', null, { masterIndex: 4 }),
  ofLink(4, 'bond0', 'bond'),
  ofLink(5, 'bond0.10', 'vlan', { linkIndex: 4 }),
  ofLink(6, 'mv0', 'macvlan', { linkIndex: 5 }),
  ofLink(7, 'mv1', 'macvlan', { linkIndex: 4 }),
  ofLink(8, 'iv0', 'ipvlan', { linkIndex: 5 }),
  ofLink(9, 'vx0', 'vxlan', { linkIndex: 5 }),
  ofLink(10, 'left', 'veth', { linkIndex: 11 }),
  ofLink(11, 'right', 'veth', { linkIndex: 10 }),
];

const DETAILS: LinkDetails = {
  hardware: new Uint8Array(6),
  keepAddresses: 0,
  loose: false,
  bridgeBinding: false,
  monitored: true,
};

/** What is lost when links are set down: `closed: bond0.10 stands on bond0`. */
function lost(
  names: readonly string[],
  details: ReadonlyMap<number, LinkDetails> = new Map(),
  action: SetDown['action'] = 'admin',
): readonly string[] {
  const set = links.filter(({ name }) => names.includes(name)).map((link) => ({ link, action }));
  const dependents = [...dependentsOf(topologyOf(links, details), set).values()];
  return dependents.map(({ loss, path }) => `${loss}: ${path}`);
}

test('a VLAN is closed with its parent, and takes the carrier of a macvlan on it, but not that of an ipvlan or a tunnel', () => {
  expect(lost(['bond0'])).toEqual([
    'closed: bond0',
    'closed: bond0.10 stands on bond0',
    'no-carrier: mv0 stands on bond0.10 stands on bond0',
  ]);
});

test('a VLAN with loose binding stays as it is when its parent is set down', () => {
  expect(lost(['bond0'], new Map([[5, { ...DETAILS, loose: true }]]))).toEqual(['closed: bond0']);
});

test('a bond keeps its carrier while one port is left', () => {
  expect(lost(['eth0'])).toEqual(['closed: eth0']);
});

test('a bond loses its carrier with its last port, and all that stands on it does', () => {
  const bond = 'bond0 is made of eth0 and eth1';
  expect(lost(['eth0', 'eth1'])).toEqual([
    'closed: eth0',
    'closed: eth1',
    `no-carrier: ${bond}`,
    `no-carrier: bond0.10 stands on ${bond}`,
    `no-carrier: mv1 stands on ${bond}`,
    `no-carrier: mv0 stands on bond0.10 stands on ${bond}`,
    `no-carrier: iv0 stands on bond0.10 stands on ${bond}`,
  ]);
});

test('a bond that does not look at the links of its ports keeps its carrier without them', () => {
  const blind = new Map([[4, { ...DETAILS, monitored: false }]]);
  expect(lost(['eth0', 'eth1'], blind)).toEqual(['closed: eth0', 'closed: eth1']);
});

test('the other end of a cable loses its carrier when one is set down, and not when that one is held by protodown', () => {
  expect(lost(['left'])).toEqual(['closed: left', 'no-carrier: right is the other end of left']);
  expect(lost(['left'], new Map(), 'protodown')).toEqual(['no-carrier: left']);
});

/** What is lost in another host, as {@link lost}. */
function lostIn(
  host: readonly LinkRecord[],
  set: Readonly<Record<string, SetDown['action']>>,
  details: ReadonlyMap<number, LinkDetails> = new Map(),
): readonly string[] {
  const down = host.flatMap((link) => {
    const action = set[link.name];
    return action === undefined ? [] : [{ link, action }];
  });
  return [...dependentsOf(topologyOf(host, details), down).values()].map(
    ({ loss, path }) => `${loss}: ${path}`,
  );
}

test.each(['macvlan', 'macvtap', 'macsec'])(
  'a %s loses its carrier with a card that is set down, and keeps it on a bond that is',
  (kind) => {
    const on = (below: string | null) => [
      ofLink(2, 'lower0', below),
      ofLink(3, 'upper0', kind, { linkIndex: 2 }),
    ];
    expect(lostIn(on(null), { lower0: 'admin' })).toEqual([
      'closed: lower0',
      'no-carrier: upper0 stands on lower0',
    ]);
    expect(lostIn(on('bond'), { lower0: 'admin' })).toEqual(['closed: lower0']);
    expect(lostIn(on('bond'), { lower0: 'protodown' })).toHaveLength(2);
    expect(lostIn(on('gtp'), { lower0: 'admin' })).toEqual(['closed: lower0']);
  },
);

test.each(['ipvlan', 'ipvtap'])(
  'an %s loses its carrier with that of its parent only while the parent is up',
  (kind) => {
    const host = [ofLink(2, 'lower0', null), ofLink(3, 'upper0', kind, { linkIndex: 2 })];
    expect(lostIn(host, { lower0: 'admin' })).toEqual(['closed: lower0']);
    expect(lostIn(host, { lower0: 'protodown' })).toEqual([
      'no-carrier: lower0',
      'no-carrier: upper0 stands on lower0',
    ]);
  },
);

test('a VLAN that is bound to its bridge keeps its carrier without that of the bridge, and takes none from what is on it', () => {
  const host = [
    ofLink(2, 'br0', 'bridge'),
    ofLink(3, 'v5', 'vlan', { linkIndex: 2 }),
    ofLink(4, 'mv0', 'macvlan', { linkIndex: 3 }),
  ];
  const bound = new Map([[3, { ...DETAILS, bridgeBinding: true }]]);
  expect(lostIn(host, { br0: 'protodown' })).toHaveLength(3);
  expect(lostIn(host, { br0: 'protodown' }, bound)).toEqual(['no-carrier: br0']);
  expect(lostIn(host, { br0: 'admin' }, bound)).toEqual(['closed: br0', 'closed: v5 stands on br0']);
});

test.each(['bridge', 'team'])(
  'a %s loses its carrier with the last port that has one, and not with a port that has none',
  (kind) => {
    const host = [
      ofLink(2, 'em0', null, { masterIndex: 5 }),
      ofLink(3, 'em1', null, { masterIndex: 5, carrier: false }),
      ofLink(4, 'em2', null, { masterIndex: 5, adminUp: false }),
      ofLink(5, 'sw0', kind),
    ];
    expect(lostIn(host, { em0: 'admin' })).toEqual(['closed: em0', 'no-carrier: sw0 is made of em0']);
    expect(lostIn(host, { em1: 'admin', em2: 'admin' })).toEqual(['closed: em1', 'closed: em2']);
  },
);

test('a bridge without a working port loses its carrier when all of its ports are set down', () => {
  const host = [
    ofLink(2, 'em0', null, { masterIndex: 4, carrier: false }),
    ofLink(3, 'em1', null, { masterIndex: 4, carrier: false }),
    ofLink(4, 'br0', 'bridge'),
  ];
  expect(lostIn(host, { em0: 'admin' })).toEqual(['closed: em0']);
  expect(lostIn(host, { em0: 'admin', em1: 'admin' })).toContain('no-carrier: br0 is made of em0 and em1');
});

test('a port of another kind of master takes nothing from it, and a tunnel nothing from the link below', () => {
  const host = [
    ofLink(2, 'em0', null, { masterIndex: 3 }),
    ofLink(3, 'vrf0', 'vrf'),
    ofLink(4, 'gre0', 'gre', { linkIndex: 2 }),
    ofLink(5, 'gone0', null, { masterIndex: 99 }),
  ];
  expect(lostIn(host, { em0: 'protodown', gone0: 'admin' })).toEqual(['no-carrier: em0', 'closed: gone0']);
});

test('a link that first loses its carrier and is closed then counts as closed, and so does what stands on it', () => {
  const host = [
    ofLink(2, 'br0', 'bridge'),
    ofLink(3, 'v0', 'vlan', { linkIndex: 2 }),
    ofLink(4, 'iv0', 'ipvlan', { linkIndex: 3 }),
  ];
  const topology = topologyOf(host);
  const [br0, v0] = host as [LinkRecord, LinkRecord, LinkRecord];
  const both = dependentsOf(topology, [
    { link: v0, action: 'protodown' },
    { link: br0, action: 'admin' },
  ]);
  expect([...both.values()].map(({ loss, path }) => `${loss}: ${path}`)).toContain(
    'closed: v0 stands on br0',
  );
  const again = dependentsOf(topology, [
    { link: v0, action: 'admin' },
    { link: br0, action: 'protodown' },
  ]);
  expect(again.get(3)?.loss).toBe('closed');
});

test('a link that is set down itself is lost by that, although the link below it is set down as well', () => {
  const set = ['bond0.10', 'bond0'].flatMap((name) => links.filter((link) => link.name === name));
  const dependents = dependentsOf(
    topologyOf(links),
    set.map((link) => ({ link, action: 'admin' as const })),
  );
  expect(dependents.get(5)).toMatchObject({ loss: 'closed', path: 'bond0.10' });
});
