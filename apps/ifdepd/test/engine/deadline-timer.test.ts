import { beforeEach, expect, test } from 'vitest';
import { deadlineTimer } from '../../src/engine/deadline-timer.ts';
import { type Loop, realLoop } from '../../src/system/loop.ts';

interface Waiting {
  readonly callback: () => void;
  readonly ms: number;
}

let now: number;
let timers: Set<Waiting>;
let loop: Loop;

beforeEach(() => {
  now = 1000;
  timers = new Set();
  loop = {
    ...realLoop,
    now: () => now,
    setTimer(callback, ms) {
      const timer = { callback, ms, unref: () => timer };
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => void timers.delete(timer as unknown as Waiting),
  };
});

/** Lets the one timer there is call back. */
function fire(): void {
  const [timer] = timers;
  timers.clear();
  timer?.callback();
}

const waits = () => [...timers].map(({ ms }) => ms);

test.each([
  ['in the future', 1250, 250],
  ['between two milliseconds', 1000.2, 1],
  ['that is past', 900, 1],
  ['in 2.5 milliseconds', 1002.5, 3],
  ['in more than 24 days', 1000 + 2 ** 31, 2 ** 31 - 1],
])('a deadline %s: one timer waits as long as a timer can', (_what, deadline, ms) => {
  deadlineTimer(
    loop,
    () => true,
    () => {},
  ).arm(deadline);
  expect(waits()).toEqual([ms]);
});

test('another deadline replaces the one before, the same one changes nothing, and none ends it', () => {
  const timer = deadlineTimer(
    loop,
    () => true,
    () => {},
  );
  timer.arm(1500);
  now = 1400;
  timer.arm(1500);
  expect(waits()).toEqual([500]);
  timer.arm(1600);
  expect(waits()).toEqual([200]);
  timer.arm(null);
  expect(waits()).toEqual([]);
});

test('a deadline that has come is passed on once, when what the kernel has reported was read to its end', () => {
  const calls: string[] = [];
  let isRead = false;
  const timer = deadlineTimer(
    loop,
    () => {
      calls.push('look');
      return isRead;
    },
    () => void calls.push('passed'),
  );
  timer.arm(1100);
  fire();
  expect([calls, waits()]).toEqual([['look'], [1]]);
  isRead = true;
  fire();
  expect([calls, waits()]).toEqual([['look', 'look', 'passed'], []]);
  // The same deadline again is another one.
  timer.arm(1100);
  expect(waits()).toEqual([100]);
});

test.each([true, false])(
  'disarmed by what it looks at, read to its end: %s, it passes nothing and waits for nothing',
  (isRead) => {
    const passed: number[] = [];
    const timer = deadlineTimer(
      loop,
      () => {
        timer.arm(null);
        return isRead;
      },
      () => passed.push(now),
    );
    timer.arm(1010);
    fire();
    expect({ passed, waits: waits() }).toEqual({ passed: [], waits: [] });
  },
);
