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
