import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits } from '../../src/config/fits.ts';

test.each([
  ['eth*', 'eth0', true],
  ['eth*', 'eth', true],
  ['eth*', 'veth0', false],
  ['eth?', 'eth0', true],
  ['eth?', 'eth10', false],
  ['*.51', 'vrrp.51', true],
  ['e*h*0', 'eth10', true],
  ['*', '', true],
  ['?', '', false],
  ['', '', true],
  ['eth0', 'eth0', true],
  ['a.c', 'abc', false],
  ['**a', 'ba', true],
])('the pattern %s and the name %s: %s', (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

test('a pattern fits as the regular expression does that it stands for', () => {
  const letters = (from: string) => fc.string({ unit: fc.constantFrom(...from), maxLength: 8 });
  fc.assert(
    fc.property(letters('ab*?'), letters('ab'), (pattern, name) => {
      const regular = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(fits(pattern, name)).toBe(regular.test(name));
    }),
  );
});

test('the longest name and a pattern of 60 stars take no more steps than their lengths allow', () => {
  let steps = 0;
  const counted = new Proxy(new String('a'.repeat(127)), {
    get(text, key) {
      steps += 1;
      return Reflect.get(text, key, text);
    },
  });
  expect(fits(`${'a*'.repeat(60)}b`, counted as unknown as string)).toBe(false);
  expect(steps).toBeLessThan(127 * 121 * 4);
});
