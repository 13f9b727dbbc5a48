import { beforeAll, describe, expect, test } from 'vitest';

test('passes', () => {
  expect(1).toBe(1);
});

test('fails', () => {
  expect({ carrier: 'present' }).toEqual({ carrier: 'absent' });
});

test('is skipped', ({ skip }) => {
  skip('for a reason');
});

describe('never begins', () => {
  beforeAll(() => {
    throw new Error('the way there is barred');
  });

  test('is not run', () => {
    expect(1).toBe(1);
  });
});
