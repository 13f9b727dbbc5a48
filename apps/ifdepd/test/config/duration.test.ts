import { expect, test } from 'vitest';
import { parseDuration, showDuration } from '../../src/config/duration.ts';

test.each([
  ['250ms', 250],
  ['3s', 3000],
  ['3', 3000],
  ['0', 0],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['1h30m', 5_400_000],
  ['1d', 86_400_000],
])('the duration %s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 's', '-1', '1 s', '3x', '1e3', '25d', 'ms250', '1.s', '١s'])("'%s' is no duration", (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each([
  [0, '0 ms'],
  [250, '250 ms'],
  [3200, '3.2 s'],
  [119_000, '119 s'],
  [720_000, '12 min'],
  [599_900, '10 min'],
  [3_599_000, '1 h'],
  [12_000_000, '3 h 20 min'],
  [187_200_000, '2 d 4 h'],
  [7_200_000, '2 h'],
])('%d ms is shown as %s', (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});
