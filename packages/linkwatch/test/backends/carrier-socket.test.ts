import { SystemError } from '@ifdepd/libc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { health } from '../../src/index.ts';
import { watchBsd } from '../support/bsd-watch.ts';

const PF_SYSTEM = 32;
const SIOCGIFMEDIA = 0xc02c6938;
const SIOCSKEVFILT = 0x800c6502;

test('a carrier loss is reported within the wake-up that read it', () => {
  const { kernel, watch, reported } = watchBsd('darwin');
  expect(watch.lookUp('em0')).toMatchObject({ operstate: 'up', carrier: true });
  kernel.carrier('em0', 'down');
  expect(reported()).toMatchObject([
    {
      type: 'changed',
      link: { operstate: 'down', carrier: false, adminUp: true },
      was: { operstate: 'up', carrier: true },
    },
  ]);
  expect(health(watch.lookUp('em0'))).toEqual({ health: 'failed', reason: 'no carrier' });
  kernel.carrier('em0', 'up');
  expect(reported()).toMatchObject([{ type: 'changed', link: { operstate: 'up', carrier: true } }]);
  expect(health(watch.lookUp('em0'))).toEqual({ health: 'active', reason: 'up' });
});

test('a complete event causes no list and no question to a driver', () => {
  const calls: string[] = [];
  const { kernel, reported } = watchBsd('darwin', {
    calls: (libc) => ({
      sysctl: (...call) => {
        calls.push('sysctl');
        return libc.sysctl(...call);
      },
      ioctl: (...call) => {
        calls.push('ioctl');
        return libc.ioctl(...call);
      },
    }),
  });
  calls.splice(0);
  kernel.carrier('em0', 'down');
  expect(reported()).toHaveLength(1);
  expect(calls).toEqual([]);
});

test('the filter requests events about links only', () => {
  const { kernel, watch, reported } = watchBsd('darwin');
  const before = watch.counters.messages;
  kernel.addAddress('em0');
  reported();
  // The address itself, on the routing socket.
  expect(watch.counters.messages).toBe(before + 1);
});

test('a card without a cable has no carrier in the first snapshot', () => {
  const { watch } = watchBsd('darwin', { before: (kernel) => kernel.carrier('em0', 'down') });
  expect(watch.lookUp('em0')).toMatchObject({ operstate: 'down', carrier: false });
});

test('an interface without media has an unknown carrier', () => {
  const { watch } = watchBsd('darwin');
  expect(watch.lookUp('lo0')).toMatchObject({ operstate: 'unknown', carrier: null });
  expect(health(watch.lookUp('lo0')).health).toBe('active');
});

test('the carrier from an event stays for an interface without media', () => {
  const { kernel, watch, reported } = watchBsd('darwin', {
    before: (kernel) => {
      kernel.attach('utun0', null);
      kernel.setAdmin('utun0', 'up');
    },
  });
  kernel.link('utun0', 'up');
  kernel.link('utun0', 'down');
  expect(reported()).toHaveLength(2);
  watch.resync();
  expect(watch.lookUp('utun0')).toMatchObject({ operstate: 'down', carrier: false });
  // Another interface under the same number begins anew.
  kernel.detach('utun0');
  kernel.attach('utun1', null);
  reported();
  expect(watch.lookUp('utun1')).toMatchObject({ index: 3, carrier: null });
});

test('interfaces arrive and depart with kernel events', () => {
  const { kernel, watch, reported } = watchBsd('darwin');
  kernel.attach('en1');
  expect(reported()).toMatchObject([{ type: 'arrived', link: { name: 'en1', adminUp: false } }]);
  kernel.detach('en1');
  expect(reported().at(-1)).toMatchObject({ type: 'departed', link: { name: 'en1' } });
  expect(watch.lookUp('en1')).toBeUndefined();
});

test('setting an interface up brings the flags by one socket and the carrier by the other', () => {
  const { kernel, watch, reported } = watchBsd('darwin', {
    before: (kernel) => kernel.attach('en1', 'down'),
  });
  kernel.setAdmin('en1', 'up');
  reported();
  expect(watch.lookUp('en1')).toMatchObject({ adminUp: true, carrier: false, operstate: 'down' });
});

describe('events that were dropped', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('events that were dropped silently are found by the next list, which asks the drivers', () => {
    const { kernel, watch, reported } = watchBsd('darwin', {
      receiveBufferBytes: 8192,
      before: (kernel) => kernel.attach('en1', 'up'),
    });
    kernel.setAdmin('en1', 'up');
    reported();
    for (let left = 200; left > 0; left--) {
      kernel.carrier('em0', 'down');
      kernel.carrier('em0', 'up');
    }
    kernel.carrier('en1', 'down');
    reported();
    expect(watch.lookUp('en1')?.carrier).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(reported()).toMatchObject([{ type: 'changed', link: { name: 'en1', carrier: false } }]);
    vi.advanceTimersByTime(60_000);
    expect(reported()).toEqual([]);
  });

  test('the driver takes precedence over the carrier of the last event', () => {
    const { kernel, watch, reported } = watchBsd('darwin', { receiveBufferBytes: 8192 });
    for (let left = 200; left > 0; left--) {
      kernel.carrier('em0', 'down');
      kernel.carrier('em0', 'up');
    }
    kernel.carrier('em0', 'down');
    reported();
    expect(watch.lookUp('em0')?.carrier).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(watch.lookUp('em0')?.carrier).toBe(false);
  });
});

describe('a system that refuses', () => {
  interface Refusal {
    readonly socket?: number;
    readonly ioctl?: number;
  }

  test.each<[string, Refusal, RegExp]>([
    ['have the socket', { socket: -1 }, /kernel-event socket.*EPERM/],
    ['choose events', { ioctl: -22 }, /SIOCSKEVFILT: EINVAL/],
  ])('%s: throws and leaves nothing open', (_, refusal, message) => {
    const open = new Set<number>();
    const watching = () =>
      watchBsd('darwin', {
        calls: (libc) => ({
          socket: (domain, type, protocol) => {
            const fd = domain === PF_SYSTEM ? refusal.socket : undefined;
            const opened = fd ?? libc.socket(domain, type, protocol);
            if (opened >= 0) {
              open.add(opened);
            }
            return opened;
          },
          close: (fd) => {
            open.delete(fd);
            return libc.close(fd);
          },
          ioctl: (fd, request, argument) =>
            (request === SIOCSKEVFILT ? refusal.ioctl : undefined) ?? libc.ioctl(fd, request, argument),
        }),
      });
    expect(watching).toThrow(SystemError);
    expect(watching).toThrow(message);
    expect(open).toEqual(new Set());
  });

  test('a refused question to the driver leaves the carrier unknown', () => {
    const { watch } = watchBsd('darwin', {
      calls: (libc) => ({
        ioctl: (fd, request, argument) => (request === SIOCGIFMEDIA ? -1 : libc.ioctl(fd, request, argument)),
      }),
    });
    expect(watch.lookUp('em0')).toMatchObject({ operstate: 'unknown', carrier: null });
  });
});

test('close closes both sockets', () => {
  const open = new Set<number>();
  const { watch } = watchBsd('darwin', {
    calls: (libc) => ({
      socket: (...call) => {
        const fd = libc.socket(...call);
        open.add(fd);
        return fd;
      },
      close: (fd) => {
        open.delete(fd);
        return libc.close(fd);
      },
    }),
  });
  expect(open.size).toBe(2);
  watch.close();
  expect(open.size).toBe(0);
});
