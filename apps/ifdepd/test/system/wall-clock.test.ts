import { expect, test } from 'vitest';
import { wallClock } from '../../src/system/wall-clock.ts';

/** The wall clock when the monotonic one was 0. */
const START = Date.UTC(2026, 10, 22);

test('a moment has one time, though the wall clock is read in whole milliseconds', () => {
  let monotonic = 1000;
  const clock = wallClock({
    wallNow: () => START + Math.floor(monotonic),
    now: () => monotonic,
  });
  const times = new Set<string>();
  for (; monotonic < 1010; monotonic += 0.3) {
    times.add(clock.at(500.4));
  }
  expect([...times]).toEqual(['2026-11-22T00:00:00.500Z']);
  expect(clock.atOrNull(null)).toBeNull();
});

test('a clock that is set is followed', () => {
  let set = 0;
  const clock = wallClock({
    wallNow: () => START + set + 1000,
    now: () => 1000,
  });
  expect(clock.at(0)).toBe('2026-11-22T00:00:00.000Z');
  set = -86_400_000;
  expect(clock.at(0)).toBe('2026-11-21T00:00:00.000Z');
});
