import { expect, test } from 'vitest';
import { fitted } from '../../../src/cli/output/watch.ts';

const lines = ['a', 'b', 'c', 'd'];

test('lines that fit are shown as they are', () => {
  expect(fitted(lines, 4)).toEqual(lines);
});

test('lines that do not fit: the last row says how many more there are', () => {
  expect(fitted(lines, 3)).toEqual(['a', 'b', '… 2 more']);
  expect(fitted(lines, 1)).toEqual(['… 4 more']);
});
