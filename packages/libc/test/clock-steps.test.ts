import { expect, test } from 'vitest';
import { onClockStep } from '../src/linux/index.ts';
import { scriptedLibc } from '../src/testing/index.ts';

const [ECANCELED, EMFILE] = [125, 24];

test('onClockStep calls back for each step, also where the clock was set while the timer was armed again (ECANCELED)', () => {
  let armed = 0;
  const libc = scriptedLibc({
    timerfd_create: () => 7,
    timerfd_settime: () => (armed++ === 0 ? 0 : -ECANCELED),
  });
  let steps = 0;
  using watching = onClockStep(libc, () => {
    steps += 1;
  });
  expect(watching).not.toBeNull();
  expect([libc.wake(7), libc.wake(7), steps]).toEqual([true, true, 2]);
});

test('onClockStep ends by itself where its timer cannot be armed again', () => {
  let armed = 0;
  const libc = scriptedLibc({
    timerfd_create: () => 7,
    timerfd_settime: () => (armed++ === 0 ? 0 : -EMFILE),
  });
  let steps = 0;
  using _watching = onClockStep(libc, () => {
    steps += 1;
  });
  expect([libc.wake(7), libc.wake(7), steps]).toEqual([true, false, 0]);
});

test.each([
  ['a system without such a timer', scriptedLibc()],
  ['a sandbox that refuses to make it', scriptedLibc({ timerfd_create: () => -1 })],
  ['a sandbox that refuses to arm it', scriptedLibc({ timerfd_create: () => 7, timerfd_settime: () => -1 })],
])('onClockStep on %s returns null', (_, libc) => {
  expect(onClockStep(libc, () => {})).toBeNull();
});
