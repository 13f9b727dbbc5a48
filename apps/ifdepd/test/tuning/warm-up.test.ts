import { compile, type PolicyConfig } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { warmUpPolicy } from '../../src/tuning/warm-up.ts';

test('the warm-up of a small policy runs that policy', () => {
  const policy = compile({ groups: { g: { require: { any: ['a', { not: 'b' }] }, destinations: ['c'] } } });
  expect(warmUpPolicy(policy)).toBe(policy);
});

test('the warm-up of a large policy runs its first group, with four sources and four destinations', () => {
  const numbers = Array.from({ length: 500 }, (_, number) => number + 1);
  const groups: PolicyConfig['groups'] = Object.fromEntries(
    numbers.map((i) => [
      `g${i}`,
      { require: { all: [`s${i}`, 's0'] }, destinations: [`d${i}`], upDelayMs: 5 },
    ]),
  );
  // A destination that another group requires is no source of the small policy.
  const first = { require: 'd1', destinations: ['last'], dampening: {} };
  const small = warmUpPolicy(compile({ groups: { first, ...groups } }));
  expect(small.groups).toEqual(['first']);
  expect(small.sources).toEqual(['s1', 's0', 's2', 's3']);
  expect(small.destinations).toEqual(['last', 'd1', 'd2', 'd3']);
  expect(small.config.groups['first']).toMatchObject({ dampening: {} });
});
