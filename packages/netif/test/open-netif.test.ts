import { targetOf } from '@ifdepd/libc';
import { type LibcScript, scriptedLibc } from '@ifdepd/libc/testing';
import { describe, expect, test } from 'vitest';
import { openNetIf } from '../src/index.ts';

const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCSIFMETRIC = 0x891e;
const SIOCETHTOOL = 0x8946;
const IFF_UP_RUNNING = 0x41;
const IFF_PROMISC = 0x100;

/** The 40 bytes of Linux's struct ifreq. */
function ifreq(name: string, flags = 0): Uint8Array {
  const bytes = new Uint8Array(40);
  bytes.set(new TextEncoder().encode(name));
  new DataView(bytes.buffer).setUint16(16, flags, true);
  return bytes;
}

/** A kernel in which every interface has the same flags. */
function kernel(flags: number, more: LibcScript = {}) {
  let value = flags;
  const libc = scriptedLibc(
    {
      ioctl: (_fd, request, argument) => {
        const view = new DataView(argument.buffer, argument.byteOffset);
        if (request === SIOCGIFFLAGS) {
          view.setUint16(16, value, true);
        } else {
          value = view.getUint16(16, true);
        }
        return 0;
      },
      ...more,
    },
    { target: targetOf('linux') },
  );
  return {
    libc,
    netif: openNetIf({ libc }),
    ioctls: () => libc.calls.filter(({ name }) => name === 'ioctl'),
  };
}

test('openNetIf opens one datagram socket, and close closes it', () => {
  const { libc, netif } = kernel(0);
  netif.flags('eth0');
  netif.close();
  netif.close();
  expect(libc.calls.map(({ name }) => name)).toEqual(['socket', 'ioctl', 'close']);
  expect(libc.calls[0]?.values).toEqual([2, 2 | 0x80000, 0]);
  expect(() => netif.flags('eth0')).toThrow('closed');
});

test('openNetIf throws when no socket can be opened', () => {
  const libc = scriptedLibc({ socket: () => -24 });
  expect(() => openNetIf({ libc })).toThrow('interface control socket: too many open files (socket: EMFILE)');
});

describe('flags', () => {
  test('asks with the name and decodes the bits', () => {
    const { netif, ioctls } = kernel(0x1049);
    expect(netif.flags('eth0')).toEqual({ value: 0x1049, up: true, running: true, loopback: true });
    expect(ioctls().map(({ values }) => values.slice(1))).toEqual([[SIOCGIFFLAGS, ifreq('eth0')]]);
  });

  test.each([
    [0x0, { up: false, running: false, loopback: false }],
    [0x1, { up: true, running: false, loopback: false }],
    [0x40, { up: false, running: true, loopback: false }],
    [0x8, { up: false, running: false, loopback: true }],
  ])('decodes each bit of %d by itself', (value, bits) => {
    expect(kernel(value).netif.flags('eth0')).toEqual({ value, ...bits });
  });

  test('sends a UTF-8 name as its bytes', () => {
    const { netif, ioctls } = kernel(0);
    netif.flags('zürich');
    expect(ioctls()[0]?.values[2]).toEqual(ifreq('zürich'));
  });

  test.each(['x'.repeat(128), '', 'nul\0'])('refuses %j without a system call', (name) => {
    const { netif, ioctls } = kernel(0);
    expect(() => netif.flags(name)).toThrow(RangeError);
    expect(ioctls()).toEqual([]);
  });

  test.each(['sixteen-bytes-xy', 'zürich-am-see-x'])(
    'refuses %j without a system call on a system without alternative names',
    (name) => {
      const libc = scriptedLibc({}, { target: targetOf('freebsd') });
      expect(() => openNetIf({ libc }).flags(name)).toThrow(RangeError);
      expect(libc.calls.map(({ name }) => name)).toEqual(['socket']);
    },
  );

  test('leaves nothing of a longer name before', () => {
    const { netif, ioctls } = kernel(0);
    netif.flags('fifteen-bytes-x');
    netif.flags('lo');
    expect(ioctls()[1]?.values[2]).toEqual(ifreq('lo'));
  });

  test('throws not-found for a missing interface', () => {
    const { netif } = kernel(0, { ioctl: () => -19 });
    expect(() => netif.flags('eth9')).toThrow('eth9: no such device (ioctl SIOCGIFFLAGS: ENODEV)');
  });
});

describe('setAdmin', () => {
  test('writes the flags it read with IFF_UP changed, and reads them again', () => {
    const { netif, ioctls } = kernel(IFF_UP_RUNNING | IFF_PROMISC | 0x1000);
    const { changed, before, after } = netif.setAdmin('eth0', 'down');
    expect([changed, before.value, after.value]).toEqual([true, 0x1141, 0x1140]);
    expect(ioctls().map(({ values }) => values.slice(1))).toEqual([
      [SIOCGIFFLAGS, ifreq('eth0')],
      [SIOCSIFFLAGS, ifreq('eth0', 0x1140)],
      [SIOCGIFFLAGS, ifreq('eth0')],
    ]);
  });

  test('to up sets one bit', () => {
    const { netif, ioctls } = kernel(0x8102);
    expect(netif.setAdmin('eth0', 'up').after.value).toBe(0x8103);
    expect(ioctls()[1]?.values.slice(1)).toEqual([SIOCSIFFLAGS, ifreq('eth0', 0x8103)]);
  });

  test.each([
    ['up', IFF_UP_RUNNING],
    ['down', IFF_PROMISC],
  ] as const)('writes nothing where the interface is %s already', (to, flags) => {
    const { netif, ioctls } = kernel(flags);
    const { changed, before, after } = netif.setAdmin('eth0', to);
    expect([changed, after]).toEqual([false, before]);
    expect(ioctls()).toHaveLength(1);
  });

  test.each([
    [16, 'busy', 'eth0: device or resource busy (ioctl SIOCSIFFLAGS: EBUSY)'],
    [1, 'not-permitted', 'eth0: operation not permitted (ioctl SIOCSIFFLAGS: EPERM)'],
    [19, 'not-found', 'eth0: no such device (ioctl SIOCSIFFLAGS: ENODEV)'],
    [105, 'overrun', 'eth0: no buffer space available (ioctl SIOCSIFFLAGS: ENOBUFS)'],
  ])('errno %i at the write is %s', (errno, kind, message) => {
    const { netif } = kernel(0, { ioctl: (_fd, request) => (request === SIOCSIFFLAGS ? -errno : 0) });
    expect(() => netif.setAdmin('eth0', 'up')).toThrow(expect.objectContaining({ kind, message }));
  });

  /** What a write comes to where the flags cannot be read after it. */
  function withoutReadBack(errno: number) {
    let reads = 0;
    const { netif } = kernel(0, {
      ioctl: (_fd, request) => (request === SIOCGIFFLAGS && ++reads > 1 ? -errno : 0),
    });
    return netif.setAdmin('eth0', 'up');
  }

  test('has changed the interface where the system refuses to say its flags after the write', () => {
    const { changed, after } = withoutReadBack(16);
    expect([changed, after.up]).toEqual([true, true]);
  });

  test('throws not-found where the interface is gone after the write', () => {
    expect(() => withoutReadBack(19)).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });
});

describe('media', () => {
  /** Answers ETHTOOL_GLINK through the pointer in the request. */
  function withLink(answer: number) {
    const libc = scriptedLibc({
      ioctl: (_fd, request, argument) => {
        expect(request).toBe(SIOCETHTOOL);
        const pointer = new DataView(argument.buffer, argument.byteOffset).getBigUint64(16, true);
        const view = new DataView(libc.at(pointer).buffer);
        expect(view.getUint32(0, true)).toBe(10);
        view.setUint32(4, Math.max(answer, 0), true);
        return Math.min(answer, 0);
      },
    });
    return openNetIf({ libc });
  }

  test('returns the answer of the driver', () => {
    expect(withLink(1).media('eth0')).toEqual({ valid: true, active: true });
    expect(withLink(0).media('eth0')).toEqual({ valid: true, active: false });
  });

  test('is null when the driver does not support the request', () => {
    expect(withLink(-95).media('eth0')).toBeNull();
  });

  test('throws not-found for a missing interface', () => {
    expect(() => withLink(-19).media('eth0')).toThrow(
      'eth0: no such device (ioctl SIOCETHTOOL ETHTOOL_GLINK: ENODEV)',
    );
  });
});

describe('maySet', () => {
  const answering = (errno: number) =>
    kernel(0, { ioctl: (_fd, request) => (request === SIOCSIFMETRIC ? -errno : 0) }).netif;

  test('is true when the kernel refuses the request after the check of the privilege', () => {
    expect(answering(95).maySet('eth0')).toBe(true);
  });

  test('is false when the kernel refuses for lack of privilege', () => {
    expect(answering(1).maySet('eth0')).toBe(false);
  });

  test('throws any other error', () => {
    expect(() => answering(22).maySet('eth0')).toThrow(
      'eth0: invalid argument (ioctl SIOCSIFMETRIC: EINVAL)',
    );
  });

  test('throws not-found for a missing interface, with and without privilege', () => {
    const { netif } = kernel(0, { ioctl: () => -19 });
    expect(() => netif.maySet('eth9')).toThrow('no such device');
  });
});

describe('list', () => {
  test('is in the order of the indices', () => {
    const three = [
      { index: 3, name: 'c' },
      { index: 1, name: 'lo' },
      { index: 2, name: 'a' },
    ];
    const { netif } = kernel(0, { if_nameindex: () => three });
    expect(netif.list().map(({ name }) => name)).toEqual(['lo', 'a', 'c']);
  });

  test('throws a SystemError when if_nameindex fails', () => {
    const { netif } = kernel(0, { if_nameindex: () => -105 });
    expect(() => netif.list()).toThrow(
      'list of interfaces: no buffer space available (if_nameindex: ENOBUFS)',
    );
  });
});
