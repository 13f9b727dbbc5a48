import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interfaceNameFault } from '../src/index.ts';

describe('a usual name is valid', () => {
  test.each([
    'lo',
    'eth0',
    'em0',
    'vrrp.51',
    'br-lan',
    'enp0s31f6',
    'wlan0_2',
    'fifteen-bytes-x',
    '0',
    'zürich',
    'a.b',
  ])('%s', (name) => {
    expect(interfaceNameFault(name)).toBeNull();
  });
});

test.each([
  ['', 'the name is empty'],
  ['.', "no interface can be called '.'"],
  ['..', "no interface can be called '..'"],
  ['sixteen-bytes-xy', 'the name has 16 bytes; an interface name has at most 15'],
  ['zürich-am-see-x', 'the name has 16 bytes; an interface name has at most 15'],
  ['a/b', "an interface name has no '/'"],
  ['eth0:1', "an interface name has no ':' (a label such as eth0:1 is an address of eth0, not an interface)"],
  ['a b', 'an interface name has no white space and no control characters'],
  ['a\tb', 'an interface name has no white space and no control characters'],
  ['a\0b', 'an interface name has no white space and no control characters'],
  ['\u001b[31m', 'an interface name has no white space and no control characters'],
])('%j is none: %s', (name, fault) => {
  expect(interfaceNameFault(name)).toBe(fault);
});

test.each(['a\ufffd', 'a\ud800', '\udc00b'])('%j is not valid UTF-8 and is refused', (name) => {
  expect(interfaceNameFault(name)).toMatch(/^the name is not valid UTF-8/);
});

test('an alternative name may be longer when the caller allows it', () => {
  const name = 'uplink-fibre-building-north-0';
  expect(interfaceNameFault(name, 127)).toBeNull();
  expect(interfaceNameFault(name)).toBe('the name has 29 bytes; an interface name has at most 15');
  expect(interfaceNameFault('x'.repeat(128), 127)).toBe(
    'the name has 128 bytes; an interface name has at most 15, and an alternative name of Linux at most 127',
  );
});

test('of all characters, only white space, control characters, invalid UTF-8, slash and colon are refused', () => {
  const all = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
  const refused = all.filter((character) => interfaceNameFault(`a${character}`) !== null);
  expect(refused).toEqual(all.filter((character) => /[\s\p{Cc}\p{Cs}\ufffd/:]/u.test(character)));
});

test('a valid name fits in a request and has no control sequence of a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (name) => {
      if (interfaceNameFault(name) === null) {
        expect(Buffer.byteLength(name)).toBeLessThan(16);
        expect(name).toMatch(/^[^\s\p{Cc}/:]+$/u);
      }
    }),
  );
});
