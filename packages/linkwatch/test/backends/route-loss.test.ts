import type { Libc } from '@ifdepd/libc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LinkEvent, watchLinks } from '../../src/index.ts';
import { type System, watchBsd } from '../support/bsd-watch.ts';

const INTERVAL_MS = 60_000;
const SMALL = 8192;

/** A second card, which is down. */
const before = (kernel: ReturnType<typeof watchBsd>['kernel']) => kernel.attach('em1');

/** More messages than fit, and one more about a card that none of them was about. */
function overflow(kernel: ReturnType<typeof watchBsd>['kernel']): void {
  for (let left = 200; left > 0; left--) {
    kernel.setAdmin('em0', 'down');
    kernel.setAdmin('em0', 'up');
  }
  kernel.setAdmin('em1', 'up');
}

const whatFor = (events: readonly LinkEvent[]) =>
  events.map((event) => (event.type === 'snapshot' ? event.cause : event.type));

/** The table of FreeBSD before 14. */
const withoutLossReports = (libc: Libc): Partial<Libc> => ({
  setsockopt: (fd, level, option, value) =>
    option === 0x20000 ? -42 : libc.setsockopt(fd, level, option, value),
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a loss that the system reports', () => {
  test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly'] as const)(
    '%s: a reported loss is followed by a snapshot at once',
    (system) => {
      const { kernel, watch, reported } = watchBsd(system, { receiveBufferBytes: SMALL, before });
      overflow(kernel);
      expect(whatFor(reported())).toContain('overrun');
      expect(watch.lookUp('em1')?.adminUp).toBe(true);
      expect(watch.counters.overruns).toBe(1);
    },
  );

  test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly'] as const)(
    '%s: no list without a reason',
    (system) => {
      let lists = 0;
      watchBsd(system, {
        calls: (libc) => ({
          sysctl: (...call) => {
            lists++;
            return libc.sysctl(...call);
          },
        }),
      });
      vi.advanceTimersByTime(10 * INTERVAL_MS);
      expect(lists).toBe(1);
    },
  );
});

describe('a loss that the system does not report', () => {
  test.each([
    ['netbsd7', undefined],
    ['darwin', undefined],
    ['freebsd', withoutLossReports],
  ] as const)('%s: found by the next list', (system: System, calls) => {
    const { kernel, watch, reported } = watchBsd(system, {
      receiveBufferBytes: SMALL,
      before,
      ...(calls === undefined ? {} : { calls }),
    });
    overflow(kernel);
    reported();
    expect(watch.counters.overruns).toBe(0);
    expect(watch.lookUp('em1')?.adminUp).toBe(false);
    vi.advanceTimersByTime(INTERVAL_MS);
    expect(reported()).toContainEqual(
      expect.objectContaining({
        type: 'changed',
        link: expect.objectContaining({ name: 'em1', adminUp: true }),
      }),
    );
    expect(watch.lookUp('em1')?.adminUp).toBe(true);
    // A list without a difference is not reported.
    vi.advanceTimersByTime(INTERVAL_MS);
    expect(reported()).toEqual([]);
  });

  test('resyncIntervalMs sets the interval of lists, which ends with close', () => {
    let lists = 0;
    const { watch } = watchBsd('darwin', {
      resyncIntervalMs: 500,
      calls: (libc) => ({
        sysctl: (...call) => {
          lists++;
          return libc.sysctl(...call);
        },
      }),
    });
    vi.advanceTimersByTime(1000);
    expect(lists).toBe(3);
    watch.close();
    vi.advanceTimersByTime(INTERVAL_MS);
    expect(lists).toBe(3);
  });

  test.each([0, 1.5, -1])('an interval of %d milliseconds is refused', (resyncIntervalMs) => {
    expect(() => watchLinks({ resyncIntervalMs })).toThrow(RangeError);
  });
});

describe('opening a routing socket', () => {
  interface Option {
    readonly level: number;
    readonly option: number;
    readonly value: readonly number[];
    readonly result: number;
  }

  /** Opens one and says what was asked of the kernel. */
  function opened(system: System, receiveBufferBytes = SMALL) {
    const sockets: number[][] = [];
    const options: Option[] = [];
    watchBsd(system, {
      receiveBufferBytes,
      calls: (libc) => ({
        socket: (...call) => {
          sockets.push(call);
          return libc.socket(...call);
        },
        setsockopt: (fd, level, option, value) => {
          const result = libc.setsockopt(fd, level, option, value);
          options.push({ level, option, value: [...value], result });
          return result;
        },
      }),
    });
    return { sockets, options };
  }

  test.each([
    ['freebsd', [17, 0x30000003, 0]],
    ['openbsd', [17, 0xc003, 0]],
    ['netbsd', [34, 0x30000003, 0]],
    ['dragonfly', [17, 0x30000003, 0]],
    ['darwin', [17, 3, 0], [32, 3, 1]],
  ] as const)('%s: for all address families', (system, ...calls) => {
    expect(opened(system).sockets).toEqual(calls);
  });

  test.each([
    ['freebsd', 1024 * 1024],
    ['netbsd', 128 * 1024],
  ] as const)('%s: as large a receive buffer as it gives', (system, bytes) => {
    const asked = opened(system, 8 * 1024 * 1024).options.filter(({ option }) => option === 0x1002);
    const sizes = asked.map(({ value }) => new DataView(Uint8Array.from(value).buffer).getInt32(0, true));
    expect(sizes[0]).toBe(8 * 1024 * 1024);
    expect(sizes.at(-1)).toBe(bytes);
    expect(asked.map(({ result }) => result).filter((result) => result >= 0)).toHaveLength(1);
  });

  test('the smallest receive buffer stays on a system that gives no larger one', () => {
    const { watch } = watchBsd('freebsd', {
      calls: (libc) => ({
        setsockopt: (fd, level, option, value) =>
          option === 0x1002 ? -libc.target.errnoOf.ENOBUFS : libc.setsockopt(fd, level, option, value),
      }),
    });
    expect(watch.links.size).toBe(2);
  });

  test('another refusal of the receive buffer throws', () => {
    const calls = (libc: Libc): Partial<Libc> => ({ setsockopt: () => -libc.target.errnoOf.EINVAL });
    expect(() => watchBsd('freebsd', { calls })).toThrow(/setsockopt SO_RCVBUF: EINVAL/);
  });

  test.each([
    // 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15 | 1 << 16
    ['openbsd', 17, [0x00, 0xf0, 0x01, 0x00]],
    // 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17
    ['dragonfly', 17, [0x00, 0x70, 0x02, 0x00]],
    ['netbsd', 34, [20, 16, 22, 23]],
  ] as const)('%s: a filter', (system, level, value) => {
    expect(opened(system).options).toContainEqual({ level, option: 1, value, result: 0 });
  });

  test.each(['freebsd', 'netbsd7', 'darwin'] as const)('%s: no filter is set', (system) => {
    expect(opened(system).options.filter(({ level }) => level !== 0xffff)).toEqual([]);
  });
});
