import { expect, test } from 'vitest';
import { KernelTime } from '../src/kernel-time.ts';

/** A kernel that notes the time which passes. */
function timeOf() {
  const passed: number[] = [];
  let now = 0;
  const time = new KernelTime({
    now: () => now,
    pass(ms) {
      now += ms;
      passed.push(ms);
    },
    due: 500,
  });
  return { time, passed };
}

test('what is announced happens at its time while the time of a kernel passes, in the order of the times', () => {
  const { time, passed } = timeOf();
  const seen: string[] = [];
  time.after(30, () => seen.push(`${time.now()} later`));
  time.after(10, () => {
    seen.push(`${time.now()} first`);
    time.after(5, () => seen.push(`${time.now()} announced meanwhile`));
  });
  expect(time.due).toBe(10);
  time.pass(30);
  expect(seen).toEqual(['10 first', '15 announced meanwhile', '30 later']);
  expect(passed).toEqual([10, 5, 15, 0]);
  expect([time.happened, time.due]).toEqual([3, 500]);
});

test('what is announced for after the end does not happen yet', () => {
  const { time } = timeOf();
  time.after(11, () => {});
  time.pass(10);
  expect([time.now(), time.happened, time.due]).toEqual([10, 0, 11]);
});
