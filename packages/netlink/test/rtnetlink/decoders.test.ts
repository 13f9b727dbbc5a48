import { describe, expect, test } from 'vitest';
import { linux } from '../../src/index.ts';
import {
  addressText,
  decodeAddress,
  decodeLinkDetails,
  decodeNeighbour,
  decodeNextHopObject,
  decodeRoute,
} from '../../src/rtnetlink/index.ts';
import { bytes, CAPTURED, captured } from '../support/message-captures.ts';

const { route } = linux;
const LINK_LOCAL_1 = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

describe('an address', () => {
  test.each([
    [
      'address',
      { index: 3, family: 4, text: '192.0.2.1', prefixLength: 24, peer: null, scope: 0, permanent: true },
    ],
    [
      'peerAddress',
      { index: 5, family: 4, text: '198.51.100.1', scope: 0, permanent: true, peer: bytes(198, 51, 100, 2) },
    ],
    [
      'dynamicAddress',
      { index: 3, family: 6, text: '2001:db8:a::1', scope: 0, permanent: false, protocol: 0 },
    ],
    ['linkLocalByHand', { index: 3, family: 6, text: 'fe80::1', scope: 253, permanent: true, protocol: 0 }],
    [
      'linkLocalOfTheKernel',
      { index: 3, family: 6, text: 'fe80::ff:fe00:a', scope: 253, permanent: true, protocol: 3 },
    ],
  ] as const)('the address %s is read', (name, { text, ...expected }) => {
    const address = decodeAddress(captured(name));
    expect(address).toMatchObject(expected);
    expect(addressText(address?.bytes ?? new Uint8Array(4))).toBe(text);
  });
});

describe('a route', () => {
  const own = { length: 0, table: 254, protocol: 3, type: 1, cloned: false, priority: 0, nextHopId: null };
  const hop = { index: 3, gateway: null, weight: 1, flags: 0 };
  test.each([
    [
      'defaultWithTwoHops',
      {
        ...own,
        family: 4,
        hops: [
          { ...hop, gateway: bytes(192, 0, 2, 9) },
          { ...hop, index: 5, gateway: bytes(198, 51, 100, 2) },
        ],
      },
    ],
    ['routeOfTable1000', { ...own, family: 4, length: 16, table: 1000, hops: [hop] }],
    [
      'routeOfNextHop',
      { ...own, family: 4, length: 16, hops: [{ ...hop, gateway: bytes(192, 0, 2, 9) }], nextHopId: 9 },
    ],
    ['route6', { ...own, family: 6, length: 64, priority: 1024, hops: [hop] }],
    [
      'connected',
      { ...own, family: 4, length: 24, protocol: 2, hops: [hop], preferredSource: bytes(192, 0, 2, 1) },
    ],
    [
      'defaultWithWeights',
      {
        ...own,
        family: 4,
        priority: 50,
        hops: [
          { ...hop, gateway: bytes(192, 0, 2, 9), flags: route.RTNH_F_ONLINK | route.RTNH_F_LINKDOWN },
          {
            ...hop,
            index: 5,
            gateway: bytes(198, 51, 100, 2),
            weight: 5,
            flags: route.RTNH_F_DEAD | route.RTNH_F_LINKDOWN,
          },
        ],
      },
    ],
    [
      'overIpv6Gateway',
      {
        ...own,
        family: 4,
        length: 24,
        hops: [{ ...hop, gateway: bytes(...LINK_LOCAL_1), flags: route.RTNH_F_LINKDOWN }],
      },
    ],
  ] as const)('the route %s is read with its next hops', (name, expected) => {
    expect(decodeRoute(captured(name))).toMatchObject(expected);
  });

  test('a clone and other types of routes are marked, and RTA_TABLE counts, not the byte for small numbers', () => {
    const [cloned, local, blackhole] = [captured('connected'), captured('connected'), captured('connected')];
    cloned[9] = 2;
    local[local.indexOf(15) + 2] = 255;
    blackhole[7] = 6;
    expect(decodeRoute(cloned)).toMatchObject({ cloned: true });
    expect(decodeRoute(local)).toMatchObject({ table: 255 });
    expect(decodeRoute(blackhole)).toMatchObject({ type: route.RTN_BLACKHOLE });
  });
});

test('nexthop objects are read, single and in groups', () => {
  expect(decodeNextHopObject(captured('nextHop'))).toEqual({ id: 5, index: 3, members: [] });
  expect(decodeNextHopObject(captured('nextHopGroup'))).toEqual({ id: 9, index: null, members: [5] });
});

test('a neighbour is marked as permanent, as a proxy, or as neither', () => {
  const hardware = bytes(2, 0, 0, 0, 0, 1);
  expect(decodeNeighbour(captured('neighbour'))).toMatchObject({ index: 3, permanent: true, hardware });
  expect(decodeNeighbour(captured('proxy'))).toMatchObject({ index: 3, proxy: true, hardware: null });
  expect(decodeNeighbour(captured('learned'))).toMatchObject({ permanent: false, proxy: false });
});

test.each([
  ['veth', { keepAddresses: 1, monitored: true, loose: false }],
  ['bondUnmonitored', { monitored: false }],
  ['bondMiimon', { monitored: true }],
  ['bondArp', { monitored: true }],
  ['vlan', { loose: false, bridgeBinding: false, keepAddresses: null }],
  ['vlanLoose', { loose: true, bridgeBinding: false }],
] as const)('the details of the link %s are read', (name, expected) => {
  expect(decodeLinkDetails(captured(name))).toMatchObject(expected);
});

describe('any bytes', () => {
  const decoders = [decodeAddress, decodeRoute, decodeNextHopObject, decodeNeighbour, decodeLinkDetails];
  const names = Object.keys(CAPTURED) as (keyof typeof CAPTURED)[];
  test.each(names)('decoders throw at nothing: %s, cut anywhere, each byte changed', (name) => {
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
