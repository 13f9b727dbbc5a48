import { expect, test } from 'vitest';
import { type LinkRecord, sameLink } from '../src/index.ts';
import { linkRecord } from '../src/testing/index.ts';

const link = linkRecord({ index: 3, name: 'eth0', altNames: ['wan'] });

const others: { readonly [Fact in keyof LinkRecord]: LinkRecord[Fact] } = {
  index: 4,
  name: 'eth1',
  altNames: ['lan'],
  flags: 1,
  adminUp: false,
  operstate: 'dormant',
  carrier: null,
  running: false,
  dormant: true,
  carrierUpCount: 7,
  carrierDownCount: null,
  linkIndex: 9,
  masterIndex: 9,
  kind: 'veth',
  protoDown: true,
  protoDownReasons: 8,
  type: 772,
  alias: 'x',
};

test('sameLink is true for equal facts', () => {
  expect(sameLink(link, structuredClone(link))).toBe(true);
});

test.each(Object.entries(others))('sameLink is false when %s differs', (fact, value) => {
  expect(sameLink(link, { ...link, [fact]: value })).toBe(false);
});

test('sameLink is false with more alternative names', () => {
  expect(sameLink(link, { ...link, altNames: ['wan', 'lan'] })).toBe(false);
  expect(sameLink({ ...link, altNames: ['wan', 'lan'] }, link)).toBe(false);
});
