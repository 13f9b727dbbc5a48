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
    const moments = new Set<number>();
    let answers = 0;
    for (const host of hosts.answering) {
      const onResult = () => {
        answers += 1;
        moments.add(performance.now());
      };
      probes.add({ kind: 'ping', host, everyMs: 1000 }, { onResult });
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answers).toBeGreaterThanOrEqual(200 * 9);
    expect(moments.size).toBeLessThanOrEqual(41);
  } finally {
    vi.useRealTimers();
  }
});
