import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openProbes } from '../../src/index.ts';
import { scriptedHosts } from '../../src/testing/index.ts';
import { firstMomentMs } from '../../src/timing/moments.ts';

test('a first moment is within the interval, and one of four that targets of one pace share', () => {
  const now = fc.double({ min: 0, max: 1e9, noNaN: true });
  const every = fc.integer({ min: 10, max: 86_400_000 });
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(now, every, share, (nowMs, everyMs, random) => {
      const firstMs = firstMomentMs(nowMs, everyMs, random);
      expect(firstMs).toBeGreaterThanOrEqual(nowMs - 1e-3);
      expect(firstMs).toBeLessThanOrEqual(nowMs + everyMs + 1e-3);
      const moment = (4 * firstMs) / everyMs;
      expect(Math.abs(moment - Math.round(moment))).toBeLessThan(1e-3);
    }),
  );
});

test('200 targets that are probed each second wake the program at most four times a second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date', 'performance'] });
  try {
    const hosts = scriptedHosts(...Array.from({ length: 200 }, (_, at) => `192.0.2.${at}`));
    using probes = openProbes({ libc: hosts.libc });
    let wakeUps = 0;
    const setTimer = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((then: () => void, ms: number) =>
      setTimer(() => {
        wakeUps += 1;
        then();
      }, ms)) as typeof setTimeout);
    let answers = 0;
    for (const host of hosts.answering) {
      const onResult = () => {
        answers += 1;
      };
      probes.add({ kind: 'ping', host, everyMs: 1000 }, { onResult });
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answers).toBeGreaterThanOrEqual(200 * 9);
    expect(wakeUps).toBeGreaterThan(9);
    expect(wakeUps).toBeLessThanOrEqual(41);
  } finally {
    vi.restoreAllMocks();
    vi.useRealTimers();
  }
});

test('of 200 targets that are due at once, at most eight are probed, or found to be silent, in one turn of the event loop', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  try {
    const hosts = scriptedHosts();
    let sent = 0;
    const libc = Object.create(hosts.libc, {
      sendto: {
        value: (...call: Parameters<typeof hosts.libc.sendto>) => {
          sent += 1;
          return hosts.libc.sendto(...call);
        },
      },
    }) as typeof hosts.libc;
    using probes = openProbes({ libc, random: () => 0 });
    let silent = 0;
    const onResult = () => {
      silent += 1;
    };
    for (let at = 0; at < 200; at += 1) {
      probes.add({ kind: 'ping', host: `192.0.2.${at}`, everyMs: 1000, timeoutMs: 500 }, { onResult });
    }
    /** How much a count has grown in each turn, from that of the timer on, until it is 200. */
    const growth = async (count: () => number): Promise<readonly number[]> => {
      const counts = [0];
      vi.advanceTimersToNextTimer();
      for (counts.push(count()); count() < 200; counts.push(count())) {
        await new Promise((turn) => setImmediate(turn));
      }
      return counts.slice(1).map((now, at) => now - (counts[at] ?? 0));
    };
    expect(Math.max(...(await growth(() => sent)))).toBe(8);
    expect(Math.max(...(await growth(() => silent)))).toBe(8);
  } finally {
    vi.useRealTimers();
  }
});
