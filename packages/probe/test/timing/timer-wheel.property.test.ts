import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerWheel, type WheelTimer } from '../../src/index.ts';

interface Named extends WheelTimer {
  readonly name: number;
}

/** Slots of 10 ms. */
const slot = (ms: number) => Math.ceil(ms / 10);

const steps = fc.oneof(
  fc.record({ do: fc.constant('set' as const), name: fc.nat(9), inMs: fc.integer({ min: -50, max: 6000 }) }),
  fc.record({ do: fc.constant('clear' as const), name: fc.nat(9) }),
  fc.record({ do: fc.constant('advance' as const), byMs: fc.integer({ min: 0, max: 4000 }) }),
);

test('a wheel fires what a list of deadlines would, never early and at most a slot late', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.array(steps, { maxLength: 60 }), (startMs, list) => {
      const wheel = new TimerWheel<Named>(startMs);
      const timers = Array.from({ length: 10 }, (_, name): Named => ({ name, tick: -1 }));
      const deadlines = new Map<number, number>();
      let nowMs = startMs;
      let advancedTo = Math.floor(startMs / 10);
      for (const step of list) {
        if (step.do === 'set') {
          wheel.set(timers[step.name] as Named, nowMs + step.inMs);
          deadlines.set(step.name, Math.max(slot(nowMs + step.inMs), advancedTo + 1));
        } else if (step.do === 'clear') {
          wheel.clear(timers[step.name] as Named);
          deadlines.delete(step.name);
        } else {
          nowMs += step.byMs;
          advancedTo = Math.floor(nowMs / 10);
          const fired: number[] = [];
          wheel.advance(nowMs, ({ name }) => void fired.push(name));
          const due = [...deadlines].filter(([, at]) => at <= advancedTo).map(([name]) => name);
          expect(fired.sort()).toEqual(due.sort());
          for (const name of due) {
            deadlines.delete(name);
          }
        }
        const earliest = Math.min(...deadlines.values()) * 10;
        expect(wheel.nextMs).toBeLessThanOrEqual(earliest);
        expect(wheel.nextMs).toBeGreaterThan(advancedTo * 10);
        expect(earliest - nowMs > 2500 || wheel.nextMs === earliest).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('a timer that a timer sets fires in its own slot', () => {
  const wheel = new TimerWheel<Named>(0);
  const timer: Named = { name: 1, tick: -1 };
  const fired: number[] = [];
  wheel.set(timer, 5);
  wheel.advance(45, () => {
    fired.push(fired.length);
    if (fired.length < 3) {
      wheel.set(timer, 10 * (fired.length + 1));
    }
  });
  expect(fired).toEqual([0, 1, 2]);
});
