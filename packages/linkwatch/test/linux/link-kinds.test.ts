import { expect, test } from 'vitest';
import { followsOneLink, kindFacts, kindKnowsProtoDown } from '../../src/linux/index.ts';

test('hardware drops its carrier when it is set down, and whether its driver knows protodown is not known', () => {
  expect(kindFacts(null)).toEqual({ closing: 'drops-carrier', follows: true });
  expect(kindKnowsProtoDown(null)).toBe(null);
});

test('a kind that is not in the table has no facts', () => {
  expect([kindFacts('gtp'), kindKnowsProtoDown('gtp'), followsOneLink('gtp')]).toEqual([
    undefined,
    null,
    false,
  ]);
});

test.each([
  ['macvlan', true, true],
  ['vxlan', false, true],
  ['vlan', true, false],
  ['bond', false, false],
])('%s follows one link: %s; knows protodown: %s', (kind, follows, protodown) => {
  expect([followsOneLink(kind), kindKnowsProtoDown(kind)]).toEqual([follows, protodown]);
});

test.each([
  [
    'drops its carrier when it is set down, and follows a lower link',
    ['veth', 'bridge', 'vlan', 'macsec'],
    'drops-carrier',
    true,
  ],
  [
    'keeps its carrier when it is set down, and follows a lower link',
    ['macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'bond', 'team', 'tun'],
    'keeps-carrier',
    true,
  ],
  [
    'keeps its carrier whatever happens to others',
    ['dummy', 'ifb', 'vxlan', 'geneve', 'gre', 'gretap', 'ipip', 'sit', 'wireguard', 'vrf'],
    'keeps-carrier',
    false,
  ],
] as const)('a kind of link that %s', (_what, kinds, closing, follows) => {
  for (const kind of kinds) {
    expect([kind, kindFacts(kind)]).toEqual([kind, { closing, follows }]);
  }
});

test('the kinds that get their carrier from one link are those on one link', () => {
  const kinds = [
    'vlan',
    'macvlan',
    'macvtap',
    'macsec',
    'ipvlan',
    'ipvtap',
    'bridge',
    'team',
    'tun',
    'veth',
    null,
  ];
  expect(kinds.filter(followsOneLink)).toEqual(['vlan', 'macvlan', 'macvtap', 'macsec', 'ipvlan', 'ipvtap']);
});

test('whether a macvtap, or a link of unknown kind, knows protodown is not known', () => {
  expect([kindKnowsProtoDown('macvtap'), kindKnowsProtoDown(undefined)]).toEqual([null, null]);
});
