import { expect, test } from 'vitest';
import { addressText } from '../../src/rtnetlink/index.ts';

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
])('an address of %o is written as %s', (bytes, text) => {
  expect(addressText(bytes)).toBe(text);
});
