import type { Libc } from '@ifdepd/libc';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Criteria, openProbes, type Pace, type Verdict } from '../src/index.ts';
import { scriptedHosts } from '../src/testing/index.ts';

const HOST = '192.0.2.1';

/** What the slots of the wheel, of 10 ms each, add up to over a few probes, in milliseconds. */
const SLOTS_MS = 50;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Probes a host that answers. `until` passes time until the verdict is another one, and returns how much. */
async function probed(options: Partial<Pace> & Criteria = {}) {
  const hosts = scriptedHosts(HOST);
  const probes = openProbes({ libc: hosts.libc, random: () => 0 });
  const results: string[] = [];
  const probe = probes.add(
    { kind: 'ping', host: HOST, ...options },
    { onResult: ({ type }) => void results.push(type) },
  );
  const until = async (verdict: Verdict) => {
    const began = performance.now();
    while (probe.verdict !== verdict && performance.now() - began < 60_000) {
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(probe.verdict).toBe(verdict);
    return performance.now() - began;
  };
  await until('active');
  return { hosts, probe, results, until, [Symbol.dispose]: () => probes.close() };
}

test.each([50, 100, 1000])(
  'a path that dies right after an answer, probed every %d ms with the defaults, has failed within three intervals',
  async (everyMs) => {
    using lab = await probed({ everyMs });
    lab.hosts.answering.clear();
    const tookMs = await lab.until('failed');
    expect(tookMs).toBeGreaterThan(2 * everyMs);
    expect(tookMs).toBeLessThanOrEqual(3 * everyMs + SLOTS_MS);
  },
);

test.each([
  { everyMs: 1000, timeoutMs: 1000, fall: 3 },
  { everyMs: 200, timeoutMs: 200, fall: 5 },
  { everyMs: 1000, timeoutMs: 300, fall: 3 },
  { everyMs: 2000, fall: 1 },
])('a dead path with %o has failed after that many intervals and one timeout', async (options) => {
  const { everyMs, timeoutMs = 1000, fall } = options;
  using lab = await probed(options);
  lab.hosts.answering.clear();
  const tookMs = await lab.until('failed');
  expect(Math.abs(tookMs - fall * everyMs - timeoutMs)).toBeLessThanOrEqual(SLOTS_MS);
});

test('an answer slower than the interval delays the next probe, and no two are on the way', async () => {
  using lab = await probed({ everyMs: 100, timeoutMs: 250 });
  lab.hosts.answering.clear();
  lab.results.length = 0;
  await vi.advanceTimersByTimeAsync(3000);
  expect(lab.results.length).toBeGreaterThanOrEqual(9);
  expect(lab.results.length).toBeLessThanOrEqual(12);
});

test('a machine that was suspended begins to count anew, and keeps its verdict', async () => {
  using lab = await probed({ everyMs: 1000, fall: 2 });
  await vi.advanceTimersByTimeAsync(5000);
  lab.hosts.answering.clear();
  // One of the two failures that a verdict takes, and a second on the way.
  await vi.advanceTimersByTimeAsync(2100);
  expect(lab.results.at(-1)).toBe('unanswered');
  // The monotonic clock of Linux stands still meanwhile, the clock of the wall does not.
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(lab.probe).toMatchObject({ verdict: 'active', statistics: { sent: 0 } });
  expect(await lab.until('failed')).toBeGreaterThan(1000);
});

test('a clock of the wall that is set back, or forward by less than a second, restarts nothing', async () => {
  using lab = await probed({ everyMs: 1000 });
  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(2000);
  vi.setSystemTime(Date.now() + 900);
  await vi.advanceTimersByTimeAsync(2000);
  expect(lab.probe.statistics.sent).toBeGreaterThanOrEqual(5);
});

test.each(['bytes of another program', 'EINTR'])(
  'a flood of %s leaves the event loop its turns',
  async (what) => {
    const { libc } = scriptedHosts();
    const { EAGAIN, EINTR } = libc.target.errnoOf;
    let wake = (): void => {};
    let receives = 0;
    const flooded: Libc = {
      ...libc,
      readable(fd, callback) {
        wake = callback;
        return libc.readable(fd, callback);
      },
      recvfrom() {
        receives += 1;
        return receives >= 10_000 ? -EAGAIN : what === 'EINTR' ? -EINTR : 8;
      },
    };
    using probes = openProbes({ libc: flooded, random: () => 0 });
    probes.add({ kind: 'ping', host: HOST }, {});
    await vi.advanceTimersByTimeAsync(1000);
    wake();
    expect(receives).toBeGreaterThan(0);
    expect(receives).toBeLessThan(200);
  },
);
