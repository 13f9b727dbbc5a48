import { targetOf } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import { longestUnixPath, unixAddress } from '../../src/system/unix-address.ts';

const linux = targetOf('linux');
const path = [...new TextEncoder().encode('/s')];

test('Linux: two bytes of family, the path, its NUL', () => {
  expect([...(unixAddress(linux, '/s') ?? [])]).toEqual([1, 0, ...path, 0]);
});

test('an abstract name begins with a NUL, and has none at its end', () => {
  expect([...(unixAddress(linux, '@s') ?? [])]).toEqual([1, 0, 0, ...path.slice(1)]);
});

test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])(
  '%s: the length of it all, the family, the path, its NUL',
  (platform) => {
    expect([...(unixAddress(targetOf(platform), '/s') ?? [])]).toEqual([5, 1, ...path, 0]);
  },
);

test.each([
  ['linux', 107],
  ['freebsd', 103],
])('%s: the longest path, and none that is longer', (platform, longest) => {
  const target = targetOf(platform);
  expect(longestUnixPath(target)).toBe(longest);
  expect(unixAddress(target, `/${'x'.repeat(longest - 1)}`)?.byteLength).toBe(target.unixAddress.size);
  expect(unixAddress(target, `/${'x'.repeat(longest)}`)).toBeNull();
});

test.each(['', 'relative', '/', '@'])("'%s' is no address", (name) => {
  expect(unixAddress(linux, name)).toBeNull();
});
