import { expect, test } from 'vitest';
import { addressBytes, type KernelAddress, lostAddresses } from '../../src/rtnetlink/index.ts';

function address(text: string, more: Partial<KernelAddress> = {}): KernelAddress {
  const bytes = addressBytes(text) ?? new Uint8Array();
  const rest = { prefixLength: 64, peer: null, flags: 0x80, scope: 0, permanent: true, protocol: 0 };
  return { index: 2, family: bytes.byteLength === 4 ? 4 : 6, bytes, ...rest, ...more };
}

const details = (keepAddresses: number | null) => ({
  hardware: Uint8Array.of(2, 0, 0, 0, 0, 10),
  keepAddresses,
  loose: false,
  bridgeBinding: false,
  monitored: true,
});

const NONE = { static: false, dynamic: false, linkLocal: [] };

test('an interface that is set down keeps its IPv4 addresses', () => {
  expect(lostAddresses([address('192.0.2.1')], details(0), 0, true)).toEqual(NONE);
});

test.each([
  ['neither setting keeps it', 0, 0, true],
  ['the interface keeps it', 1, 0, false],
  ['all interfaces keep it', -1, 1, false],
  ['all interfaces lose it, and the interface would keep it', 1, -1, true],
])('a permanent global address, where %s: lost', (_title, own, all, lost) => {
  expect(lostAddresses([address('2001:db8::1')], details(own), all, true).static).toBe(lost);
});

test('an address with a lifetime is lost whatever keep_addr_on_down says', () => {
  const one = address('2001:db8::1', { permanent: false });
  expect(lostAddresses([one], details(1), 1, true)).toEqual({ ...NONE, dynamic: true });
});

test('a link-local address is lost for good only where a person or program has set it, and the kernel reports that', () => {
  const scope = 253;
  const byHand = address('fe80::1', { scope });
  const all = [byHand, address('fe80::2', { scope, protocol: 3 }), address('fe80::ff:fe00:a', { scope })];
  expect(lostAddresses(all, details(1), 1, true)).toEqual({ ...NONE, linkLocal: [byHand] });
  expect(lostAddresses(all, details(1), 1, false)).toEqual(NONE);
});
