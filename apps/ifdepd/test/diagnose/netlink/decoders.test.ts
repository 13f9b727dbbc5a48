import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../../src/diagnose/format-address.ts';
import { decodeAddress } from '../../../src/diagnose/netlink/addresses.ts';
import { decodeLinkDetails } from '../../../src/diagnose/netlink/link-details.ts';
import { decodeNeighbour } from '../../../src/diagnose/netlink/neighbours.ts';
import { decodeNextHop } from '../../../src/diagnose/netlink/next-hops.ts';
import { decodeRoute } from '../../../src/diagnose/netlink/routes.ts';
import { CAPTURED, captured } from '../../support/netlink-captures.ts';

describe('an address', () => {
  test.each([
    ['address', { index: 3, family: 4, text: '192.0.2.1', scope: 0, permanent: true, protocol: 0 }],
    ['peerAddress', { index: 5, family: 4, text: '198.51.100.1', scope: 0, permanent: true, protocol: 0 }],
    [
      'dynamicAddress',
      { index: 3, family: 6, text: '2001:db8:a::1', scope: 0, permanent: false, protocol: 0 },
    ],
    ['linkLocalByHand', { index: 3, family: 6, text: 'fe80::1', scope: 253, permanent: true, protocol: 0 }],
    [
      'linkLocalOfTheKernel',
      { index: 3, family: 6, text: 'fe80::ff:fe00:a', scope: 253, permanent: true, protocol: 3 },
    ],
  ] as const)('%s', (name, { text, ...expected }) => {
    const address = decodeAddress(captured(name));
    expect(address).toMatchObject(expected);
    expect(formatAddress(address?.bytes ?? new Uint8Array(4))).toBe(text);
  });
});

describe('a route', () => {
  const own = { length: 0, table: 254, protocol: 3, nextHopId: null };
  test.each([
    ['defaultWithTwoHops', { ...own, family: 4, indices: [3, 5] }],
    ['routeOfTable1000', { ...own, family: 4, length: 16, table: 1000, indices: [3] }],
    ['routeOfNextHop', { ...own, family: 4, length: 16, indices: [3], nextHopId: 9 }],
    ['route6', { ...own, family: 6, length: 64, indices: [3] }],
    ['connected', { ...own, family: 4, length: 24, protocol: 2, indices: [3] }],
  ] as const)('%s', (name, expected) => {
    expect(decodeRoute(captured(name))).toMatchObject(expected);
  });

  test('a route that was cloned, is of the local table or of another type is left out', () => {
    const [cloned, local, blackhole] = [captured('connected'), captured('connected'), captured('connected')];
    cloned[9] = 2;
    // RTA_TABLE counts, and not the byte that holds small numbers alone.
    local[local.indexOf(15) + 2] = 255;
    blackhole[7] = 6;
    expect([cloned, local, blackhole].map(decodeRoute)).toEqual([null, null, null]);
  });
});

test('nexthop objects, single and in groups', () => {
  expect(decodeNextHop(captured('nextHop'))).toEqual({ id: 5, index: 3, members: [] });
  expect(decodeNextHop(captured('nextHopGroup'))).toEqual({ id: 9, index: null, members: [5] });
});

test('neighbours that were set by hand, and none that the kernel knows by itself', () => {
  expect(decodeNeighbour(captured('neighbour'))).toMatchObject({ index: 3, proxy: false });
  expect(decodeNeighbour(captured('proxy'))).toMatchObject({ index: 3, proxy: true });
  expect(decodeNeighbour(captured('learned'))).toBeNull();
});

test.each([
  ['veth', { keepAddresses: 1, monitored: true, loose: false }],
  ['bondUnmonitored', { monitored: false }],
  ['bondMiimon', { monitored: true }],
  ['bondArp', { monitored: true }],
  ['vlan', { loose: false, bridgeBinding: false, keepAddresses: null }],
  ['vlanLoose', { loose: true, bridgeBinding: false }],
] as const)('the details of a link: %s', (name, expected) => {
  expect(decodeLinkDetails(captured(name))).toMatchObject(expected);
});

describe('any bytes', () => {
  const decoders = [decodeAddress, decodeRoute, decodeNextHop, decodeNeighbour, decodeLinkDetails];
  const names = Object.keys(CAPTURED) as (keyof typeof CAPTURED)[];
  test.each(names)('are decoded without an exception: %s, cut anywhere, each byte changed', (name) => {
    const whole = captured(name);
    for (let at = 0; at < whole.byteLength; at += 1) {
      for (const decode of decoders) {
        decode(whole.subarray(0, at));
        const changed = Uint8Array.from(whole);
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        decode(changed);
      }
    }
  });
});
