import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Advert, decodeAdvert } from '../../src/wire/advert.ts';
import { encodeAdvert } from '../support/adverts.ts';

/*
 * Captured on the interface under the virtual router, from the header of IP on: keepalived 2.2.7 and FRR 8.4.4 of Debian 12,
 * ucarp 1.5.2, each with VRID 51 for 192.0.2.9 or fe80::9.
 */
const CAPTURED = {
  'keepalived, VRRPv2': '45c0002800010000ff701891c0000201e00000122133c801000154c0c00002090000000000000000',
  'keepalived, VRRPv2, at its end':
    '45c0002800030000ff70188fc0000201e00000122133000100011cc1c00002090000000000000000',
  'keepalived, VRRPv3': '45c0002000010000ff701899c0000201e00000123133c8010064a1ccc0000209',
  'keepalived, VRRPv3 over IPv6':
    '6c0d3243001870fffe8000000000000070bc18fffe713ab3ff0200000000000000000000000000123133c801006446defe800000000000000000000000000009',
  'FRR, VRRPv3, at its end': '45c00020c2cf4000ff7015cac0000201e000001231330001006469cdc0000209',
  'ucarp, base 1, skew 64':
    '451000385c754000ff707cbcc0000201e0000012213340070001c050ecbc7d7659def65f00d6fa5d5f4a622fb92ca043e1d486ca17558def',
};

type Name = keyof typeof CAPTURED;

function bytesOf(name: Name): Uint8Array {
  return Uint8Array.from(Buffer.from(CAPTURED[name], 'hex'));
}

test.each<[Name, Partial<Advert>]>([
  [
    'keepalived, VRRPv2',
    { protocol: 'VRRPv2', priority: 200, intervalMs: 1000, lastsMs: 3218.75, givesUp: false },
  ],
  ['keepalived, VRRPv2, at its end', { protocol: 'VRRPv2', priority: 0, givesUp: true }],
  [
    'keepalived, VRRPv3',
    { protocol: 'VRRPv3', priority: 200, intervalMs: 1000, lastsMs: 3218.75, givesUp: false },
  ],
  ['keepalived, VRRPv3 over IPv6', { protocol: 'VRRPv3', priority: 200, intervalMs: 1000, givesUp: false }],
  ['FRR, VRRPv3, at its end', { protocol: 'VRRPv3', priority: 0, givesUp: true }],
  ['ucarp, base 1, skew 64', { protocol: 'CARP', intervalMs: 1250, lastsMs: 3750, givesUp: false }],
])('an advertisement of %s is decoded', (name, wanted) => {
  const decoded = decodeAdvert(bytesOf(name));
  expect(decoded).toMatchObject({ ...wanted, vrid: 51 });
});

test('the checksum of VRRPv3 over IPv4 may leave the pseudo-header out', () => {
  const bytes = encodeAdvert();
  const alone = bytes.subarray(20);
  alone.set([0, 0], 6);
  let sum = 0;
  for (let at = 0; at < alone.length; at += 2) {
    sum += ((alone[at] ?? 0) << 8) | (alone[at + 1] ?? 0);
  }
  sum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  alone.set([sum >> 8, sum & 0xff], 6);
  expect(decodeAdvert(bytes)).toMatchObject({ vrid: 51 });
});

test('an advertisement of CARP at the end of its sender has the longest interval', () => {
  const bytes = bytesOf('ucarp, base 1, skew 64');
  const [skewBefore, baseBefore] = [bytes[22] as number, bytes[25] as number];
  bytes[22] = 255;
  bytes[25] = 255;
  // The checksum covers sums of 16 bits: what both bytes grew by is taken from the counter behind them.
  const added = 256 * (255 - skewBefore) + (255 - baseBefore);
  const view = new DataView(bytes.buffer);
  view.setUint16(28, (((view.getUint16(28) - added) % 0xffff) + 0xffff) % 0xffff);
  expect(decodeAdvert(bytes)).toMatchObject({ protocol: 'CARP', givesUp: true });
});

test.each(Object.keys(CAPTURED) as Name[])(
  'one flipped bit of the message of %s, or a missing byte, makes it no advertisement',
  (name) => {
    const whole = bytesOf(name);
    const messageAt = (whole[0] as number) >> 4 === 4 ? 20 : 40;
    fc.assert(
      fc.property(fc.integer({ min: messageAt * 8, max: whole.length * 8 - 1 }), (bit) => {
        const bytes = Uint8Array.from(whole);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(decodeAdvert(bytes)).toBeTypeOf('string');
      }),
    );
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeAdvert(whole.subarray(0, length))).toBeTypeOf('string');
    }
    expect(decodeAdvert(Uint8Array.of(...whole, ...new Array(14).fill(0)))).toBeTypeOf('object');
  },
);

test('any bytes are an advertisement or a fault, never an exception', () => {
  const likely = fc
    .tuple(fc.constantFrom(0x45, 0x46, 0x60, 0x4f), fc.uint8Array({ maxLength: 90 }))
    .map(([first, rest]) => Uint8Array.of(first, ...rest));
  fc.assert(
    fc.property(fc.oneof(likely, fc.uint8Array({ maxLength: 90 })), (bytes) => {
      const decoded = decodeAdvert(bytes);
      if (typeof decoded !== 'string') {
        expect(decoded.lastsMs).toBeGreaterThan(0);
      }
    }),
  );
});

test.each([
  ['a hop limit of 254', encodeAdvert({ hopLimit: 254 }), 'hop limit'],
  ['an interval of nothing', encodeAdvert({ intervalMs: 0 }), 'malformed'],
  ['a VRID of 0', encodeAdvert({ vrid: 0 }), 'malformed'],
])('an advertisement with %s is none', (_, bytes, fault) => {
  expect(decodeAdvert(bytes)).toBe(fault);
});
