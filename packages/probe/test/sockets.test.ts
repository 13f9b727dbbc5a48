import { targetOf } from '@ifdepd/libc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { probeAbiOf } from '../src/abi/index.ts';
import { isFrom, socketAddress } from '../src/sockets/socket-address.ts';
import { isLinkLocal, parseIpAddress } from '../src/target/ip-address.ts';

test('an address of IPv6 has the bytes that the URL parser of Node writes', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const parsed = parseIpAddress(text);
      const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
      expect(parsed?.bytes).toEqual(parseIpAddress(canonical)?.bytes);
      expect(parsed?.bytes).toHaveLength(16);
    }),
  );
});

test.each([
  ['192.0.2.1', [192, 0, 2, 1], null],
  ['::', new Array(16).fill(0), null],
  ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1], null],
  ['fe80::1%eth0', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'eth0'],
])('%s is the address of bytes and zone', (text, bytes, zone) => {
  const parsed = parseIpAddress(text);
  expect([...(parsed?.bytes ?? [])]).toEqual(bytes);
  expect(parsed?.zone).toBe(zone);
});

test.each(['', 'host', '1.2.3', '192.0.2.1%eth0', 'fe80::1%', 'fe80::1%a%b', ':::'])(
  '%j is no address',
  (text) => {
    expect(parseIpAddress(text)).toBeNull();
  },
);

test('fe80::/10 belongs to one link', () => {
  const local = ['fe80::1', 'febf::1', 'fec0::1', '2001:db8::1', '192.0.2.1'].map((text) => {
    const address = parseIpAddress(text);
    return address !== null && isLinkLocal(address);
  });
  expect(local).toEqual([true, true, false, false, false]);
});

test.each(['linux', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)(
  'a socket address of %s has its family, port, address and scope',
  (platform) => {
    const target = targetOf(platform);
    const abi = probeAbiOf(platform);
    const address = parseIpAddress('fe80::1%eth0');
    if (address === null) {
      throw new Error('fe80::1%eth0 is an address');
    }
    const bytes = socketAddress(target, abi, address, 0x1234, 7);
    expect([...bytes.subarray(0, 4)]).toEqual(
      platform === 'linux' ? [10, 0, 0x12, 0x34] : [28, target.socket.AF_INET6, 0x12, 0x34],
    );
    expect([...bytes.subarray(24)]).toEqual([7, 0, 0, 0]);
    expect(isFrom(bytes, address)).toBe(true);
    bytes[23] = 2;
    expect(isFrom(bytes, address)).toBe(false);
  },
);
