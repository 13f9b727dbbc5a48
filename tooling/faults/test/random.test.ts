import { expect, test } from 'vitest';
import { random } from '../src/random.ts';

const draw = (seed: number) => {
  const numbers = random(seed);
  return Array.from({ length: 50 }, () => numbers.below(1000));
};

test('a seed gives the same numbers each time, another one others', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('numbers are spread over all there are', () => {
  const numbers = random(1);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let left = 10_000; left > 0; left -= 1) {
    const number = numbers.below(10);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(() => numbers.pick([])).toThrow(RangeError);
});
