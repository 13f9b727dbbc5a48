import { expect, test } from 'vitest';
import { addressBytes, addressText } from '../../src/rtnetlink/index.ts';

const six = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test.each([
  [Uint8Array.of(192, 0, 2, 1), '192.0.2.1'],
  [six('2001 0db8 0000 0000 0000 0000 0000 0001'), '2001:db8::1'],
  [six('0000 0000 0000 0000 0000 0000 0000 0000'), '::'],
  [six('0000 0000 0000 0000 0000 0000 0000 0001'), '::1'],
  [six('2001 0db8 0000 0000 0000 0000 0000 0000'), '2001:db8::'],
  // The first of two equal runs is left out, and a single zero stays.
  [six('2001 0000 0000 0001 0000 0000 0001 0001'), '2001::1:0:0:1:1'],
  [six('2001 0db8 0000 0001 0001 0001 0001 0001'), '2001:db8:0:1:1:1:1:1'],
  [six('2001 0db8 0001 0002 0003 0004 0005 0006'), '2001:db8:1:2:3:4:5:6'],
])('an address of %o is written as %s, and read again', (bytes, text) => {
  expect(addressText(bytes)).toBe(text);
  expect(addressBytes(text)).toEqual(bytes);
});

test.each([
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['2001:DB8:0:0::0001', '2001:db8::1'],
])('%s is read as %s', (text, canonical) => {
  expect(addressText(addressBytes(text) ?? new Uint8Array())).toBe(canonical);
});

test.each(['', 'localhost', '192.0.2', '192.0.2.01', '1:2:3', '::1]:80/[', '2001:db8::1/64'])(
  'the text "%s" is no address',
  (text) => {
    expect(addressBytes(text)).toBe(null);
  },
);
