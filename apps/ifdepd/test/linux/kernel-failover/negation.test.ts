import type { Expression, PolicyConfig } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { negatedDestinations } from '../../../src/linux/kernel-failover/negation.ts';

function negated(requirements: Readonly<Record<string, Expression>>): readonly string[] {
  const groups = Object.entries(requirements).map(([name, require]) => [
    name,
    { require, destinations: [`of-${name}`] },
  ]);
  return [...negatedDestinations({ groups: Object.fromEntries(groups) } as PolicyConfig)].toSorted();
}

test('a requirement without a not: no destination is negated', () => {
  const plain: readonly Expression[] = [
    'em0',
    { all: ['em0', { any: ['em1', 'em2'] }] },
    { atLeast: 2, of: ['em0', 'em1', { all: ['em2'] }] },
    { weight: { atLeast: 2, of: [{ source: 'em0', weight: 2 }] } },
  ];
  expect(negated({ ...Object.fromEntries(plain.entries()), chained: { group: '0' } })).toEqual([]);
});

test.each<Expression>([
  { not: 'em0' },
  { all: ['em1', { any: ['em2', { not: 'em0' }] }] },
  { atLeast: 1, of: ['em1', { not: 'em0' }] },
  { weight: { atLeast: 1, of: [{ source: { not: 'em0' }, weight: 1 }] } },
])('with one anywhere in it: %j', (require) => {
  expect(negated({ plain: 'em0', other: require })).toEqual(['of-other']);
});

test('a group requires one with a not, directly or through others: its destinations are negated', () => {
  expect(
    negated({
      far: { all: [{ group: 'near' }] },
      near: { group: 'last' },
      last: { not: 'em0' },
      plain: 'em1',
    }),
  ).toEqual(['of-far', 'of-last', 'of-near']);
});

test('a not below 100,000 levels is found', () => {
  let require: Expression = { not: 'em0' };
  for (let depth = 0; depth < 100_000; depth += 1) {
    require = { all: [require] };
  }
  expect(negated({ deep: require })).toEqual(['of-deep']);
});
