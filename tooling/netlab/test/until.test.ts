import { expect, test } from 'vitest';
import { until } from '../src/index.ts';

test('until() returns the first value that is neither undefined nor false', async () => {
  const answers = [undefined, false, 0] as const;
  let asked = 0;
  const value = await until('an answer', () => answers[asked++]);
  expect({ value, asked }).toEqual({ value: 0, asked: 3 });
});

test('until() fails when its time is over, and says what did not come true', async () => {
  await expect(
    until(
      () => 'pigs to fly',
      () => false,
      10,
    ),
  ).rejects.toThrow('waited in vain: pigs to fly');
});

test('until() refuses an async condition: the compiler does, and the program where types are lost', async () => {
  const never = async (): Promise<boolean> => false;
  // @ts-expect-error a promise is not an answer
  await expect(until('a promise', never)).rejects.toThrow(TypeError);
});
