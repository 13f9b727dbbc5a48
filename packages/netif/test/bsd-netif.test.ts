import { type Platform, targetOf } from '@ifdepd/libc';
import { type LibcScript, scriptedLibc } from '@ifdepd/libc/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { abis, type NetIfAbi, openNetIf } from '../src/index.ts';

type Ioctl = NonNullable<LibcScript['ioctl']>;

function open(platform: Platform, ioctl: Ioctl) {
  const libc = scriptedLibc({ ioctl }, { target: targetOf(platform) });
  const ioctls = () => libc.calls.filter(({ name }) => name === 'ioctl').map(({ values }) => values.slice(1));
  return { libc, netif: openNetIf({ libc }), ioctls };
}

/** A kernel that keeps the flags it is given, in as many bits as its request has. */
function flagKeeper(abi: NetIfAbi, initial: number): Ioctl {
  const { ifr_flagshigh } = abi.ifreq;
  let value = initial;
  return (_fd, request, argument) => {
    const view = new DataView(argument.buffer, argument.byteOffset);
    if (request === abi.SIOCGIFFLAGS) {
      view.setUint16(16, value & 0xffff, true);
      if (ifr_flagshigh !== null) {
        view.setUint16(ifr_flagshigh, value >>> 16, true);
      }
    } else {
      value =
        view.getUint16(16, true) +
        (ifr_flagshigh === null ? 0 : view.getUint16(ifr_flagshigh, true) * 0x10000);
    }
    return 0;
  };
}

describe.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)('%s', (platform) => {
  const abi = abis[platform];
  const bits = abi.ifreq.ifr_flagshigh === null ? 16 : 32;

  test(`all ${bits} bits of the flags except IFF_UP stay`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** bits - 1 }), (flags) => {
        const { netif } = open(platform, flagKeeper(abi, flags));
        const up = flags % 2 === 1;
        const { changed, before, after } = netif.setAdmin('em0', up ? 'down' : 'up');
        expect([changed, before.value, after.value]).toEqual([true, flags, up ? flags - 1 : flags + 1]);
      }),
    );
  });

  test('an impossible name is refused without a system call', () => {
    const { netif, ioctls } = open(platform, () => 0);
    for (const call of [netif.flags, netif.media, netif.maySet]) {
      expect(() => call('sixteen-bytes-xy')).toThrow(
        new RangeError(
          `${call.name}('sixteen-bytes-xy'): the name has 16 bytes; an interface name has at most 15`,
        ),
      );
    }
    expect(ioctls()).toEqual([]);
  });

  describe('maySet', () => {
    const metric = 7;
    /** Answers the reading, and the writing with `errno`. */
    const kernel = (errno: number): Ioctl => {
      const write = abi.privilegeProbe.how === 'same-value' ? abi.privilegeProbe.write.request : 0;
      return (_fd, request, argument) => {
        if (request === write) {
          return -errno;
        }
        new DataView(argument.buffer, argument.byteOffset).setInt32(16, metric, true);
        return 0;
      };
    };

    test('writes back the value it read', () => {
      const { netif, ioctls } = open(platform, kernel(0));
      expect(netif.maySet('em0')).toBe(true);
      const written = ioctls().at(-1)?.[1] as Uint8Array;
      expect(written.byteLength).toBe(abi.ifreq.size);
      expect(new DataView(written.buffer).getInt32(16, true)).toBe(metric);
      expect(Buffer.from(written).toString('utf8', 0, 4)).toBe('em0\0');
    });

    test('is false when that is not permitted, and throws any other error', () => {
      expect(open(platform, kernel(1)).netif.maySet('em0')).toBe(false);
      expect(() => open(platform, kernel(22)).netif.maySet('em0')).toThrow(
        'em0: invalid argument (ioctl SIOCSIFMETRIC: EINVAL)',
      );
    });
  });

  describe('media', () => {
    const requests = abi.link.how === 'ifmedia' ? abi.link.requests : [];

    test('asks for the status only, without room for a list', () => {
      const { netif, ioctls } = open(platform, () => 0);
      netif.media('em0');
      const [[request, argument] = []] = ioctls();
      expect(request).toBe(requests[0]?.request);
      expect(Buffer.from(argument as Uint8Array).toString('latin1')).toBe(
        'em0'.padEnd(abi.link.how === 'ifmedia' ? abi.link.ifmediareq.size : 0, '\0'),
      );
    });

    test('leaves nothing of one answer in the next request', () => {
      const { netif, ioctls } = open(platform, (_fd, _request, argument) => {
        argument.fill(0xff, 16);
        return 0;
      });
      netif.media('em0');
      netif.media('em0');
      expect(ioctls()[1]).toEqual(ioctls()[0]);
    });

    test.each([22, 25])('is null when every request fails with errno %i', (errno) => {
      const { netif, ioctls } = open(platform, () => -errno);
      expect(netif.media('em0')).toBeNull();
      expect(ioctls().map(([request]) => request)).toEqual(requests.map(({ request }) => request));
    });

    test('uses the last request when the driver does not know those before it', () => {
      const last = requests.at(-1)?.request;
      const { netif } = open(platform, (_fd, request, argument) => {
        if (request !== last) {
          return -22;
        }
        argument[abi.link.how === 'ifmedia' ? abi.link.ifmediareq.ifm_status : 0] = 3;
        return 0;
      });
      expect(netif.media('em0')).toEqual({ valid: true, active: true });
    });

    test('throws not-found for a missing interface', () => {
      const { netif } = open(platform, () => -6);
      expect(() => netif.media('em0')).toThrow('em0: device not configured (ioctl SIOCGIFMEDIA: ENXIO)');
    });
  });
});
