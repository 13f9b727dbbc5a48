import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rounds } from '../../src/index.ts';

/** Time passes, and perhaps the answer comes. */
const moments = fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), answers: fc.boolean() });

test('a target never has two probes outstanding, keeps to its grid, and never decides early or after a late wake-up', () => {
  const someRounds = fc.record({
    everyMs: fc.integer({ min: 10, max: 500 }),
    timeoutMs: fc.integer({ min: 10, max: 800 }),
    firstMs: fc.integer({ min: 0, max: 500 }),
  });
  fc.assert(
    fc.property(someRounds, fc.array(moments, { maxLength: 50 }), ({ everyMs, timeoutMs, firstMs }, list) => {
      const rounds = new Rounds({ everyMs, timeoutMs }, firstMs);
      let nowMs = 0;
      let sentMs: number | null = null;
      for (const { afterMs, answers } of list) {
        nowMs += afterMs;
        const { wakeMs } = rounds;
        const step = rounds.wake(nowMs);
        const lateMs = nowMs - wakeMs;
        expect(step === 'wait').toBe(lateMs < 0);
        expect(step === 'late').toBe(lateMs > Math.max(100, timeoutMs / 2));
        if (step === 'send') {
          expect(sentMs).toBeNull();
          expect((wakeMs - firstMs) % everyMs).toBe(0);
          sentMs = nowMs;
        } else if (step === 'expire') {
          expect(nowMs - (sentMs as number)).toBeGreaterThanOrEqual(timeoutMs);
        } else if (step === 'late') {
          sentMs = null;
        }
        expect(rounds.sentMs).toBe(sentMs);
        if (step === 'expire') {
          rounds.expire(nowMs);
          expect(nowMs - rounds.wakeMs).toBeLessThan(Math.max(100, timeoutMs / 2));
          expect((rounds.wakeMs - firstMs) % everyMs).toBe(0);
          sentMs = null;
        } else if (answers) {
          expect(rounds.settle(nowMs)).toBe(sentMs === null ? null : nowMs - sentMs);
          sentMs = null;
        }
        expect(step === 'wait' || step === 'expire' || rounds.wakeMs > nowMs).toBe(true);
      }
    }),
  );
});
