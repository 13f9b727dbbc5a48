import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { linux } from '../src/abi/linux.ts';
import { openNetIf } from '../src/index.ts';

const { SIOCETHTOOL, ETHTOOL_GDRVINFO, ETHTOOL_GPERMADDR, ethtool_perm_addr } = linux.link;
const { SIOCGIFHWADDR } = linux.carrierCounter;
const PRESENT = [2, 0, 0, 0, 0, 9];
const EOPNOTSUPP = 95;
const ENODEV = 19;

/** An interface with a driver, a permanent address and the present address 02:00:00:00:00:09; a number is an errno. */
function card(driver: string | number, permanent: readonly number[] | number) {
  const libc = scriptedLibc({
    ioctl(_fd, request, argument) {
      if (request === SIOCGIFHWADDR) {
        argument.set(PRESENT, linux.carrierCounter.ifr_hwaddr + 2);
        return 0;
      }
      expect(request).toBe(SIOCETHTOOL);
      const bytes = libc.at(new DataView(argument.buffer, argument.byteOffset).getBigUint64(16, true));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const answer = view.getUint32(0, true) === ETHTOOL_GDRVINFO ? driver : permanent;
      if (typeof answer === 'number') {
        return -answer;
      }
      if (typeof answer === 'string') {
        bytes.set(new TextEncoder().encode(`${answer}\0rest`), 4);
        return 0;
      }
      expect(view.getUint32(0, true)).toBe(ETHTOOL_GPERMADDR);
      // The kernel refuses less room than the address takes.
      expect(view.getUint32(ethtool_perm_addr.length, true)).toBe(32);
      view.setUint32(ethtool_perm_addr.length, answer.length, true);
      bytes.set(answer, ethtool_perm_addr.data);
      return 0;
    },
  });
  return openNetIf({ libc });
}

test.each([
  [
    'a card: its permanent address, whatever it has now',
    'e1000e',
    [0x52, 0x54, 0, 0xab, 0, 1],
    { driver: 'e1000e', address: '52:54:00:ab:00:01' },
  ],
  [
    'a link without a permanent address: the present one',
    'veth',
    [0, 0, 0, 0, 0, 0],
    { driver: 'veth', address: '02:00:00:00:00:09' },
  ],
  ['a link without any address', 'tun', [], { driver: 'tun', address: '' }],
  ['a driver that answers nothing', EOPNOTSUPP, EOPNOTSUPP, { driver: '', address: '' }],
])('the hardware of %s', (_what, driver, permanent, expected) => {
  using netif = card(driver, permanent);
  expect(netif.hardware('eth0')).toEqual(expected);
});

test('the hardware of a missing interface is not found', () => {
  using netif = card(ENODEV, ENODEV);
  expect(() => netif.hardware('eth0')).toThrow(
    'eth0: no such device (ioctl SIOCETHTOOL ETHTOOL_GDRVINFO: ENODEV)',
  );
});

test('a BSD tells no hardware, without a system call', () => {
  const libc = scriptedLibc({}, { target: targetOf('freebsd') });
  using netif = openNetIf({ libc });
  expect(netif.hardware('em0')).toBeNull();
  expect(libc.calls.map(({ name }) => name)).not.toContain('ioctl');
});
