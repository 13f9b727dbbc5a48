import { expect, test } from 'vitest';
import { sourcesBehind } from '../../../src/linux/kernel-failover/behind.ts';

test('the sources behind a destination are those of all its groups, and of the groups that these depend on', () => {
  const behind = sourcesBehind({
    groups: {
      lan: { require: { all: ['em0', { any: ['em1', { not: 'em2' }] }] } },
      wan: { require: { atLeast: 1, of: [{ group: 'lan' }, 'ppp0'] }, destinations: ['carp0'] },
      both: { require: { all: [{ group: 'wan' }, { group: 'lan' }] }, destinations: ['carp0', 'carp1'] },
      heavy: {
        require: { weight: { atLeast: 5, of: [{ source: 'em3', weight: 5 }] } },
        destinations: ['carp0'],
      },
    },
  });
  const sorted = Object.fromEntries([...behind].map(([id, sources]) => [id, [...sources].toSorted()]));
  expect(sorted).toEqual({
    carp0: ['em0', 'em1', 'em2', 'em3', 'ppp0'],
    carp1: ['em0', 'em1', 'em2', 'ppp0'],
  });
});

test('an expression that is nested ten thousand times: its source is found', () => {
  let require: Parameters<typeof sourcesBehind>[0]['groups'][string]['require'] = 'em0';
  for (let depth = 0; depth < 10_000; depth += 1) {
    require = { all: [require] };
  }
  expect(sourcesBehind({ groups: { cli: { require, destinations: ['carp0'] } } })).toEqual(
    new Map([['carp0', new Set(['em0'])]]),
  );
});
