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
