import { expect, test } from 'vitest';
import { membersOf } from '../../src/engine/members-of.ts';

test.each([
  ['a source', 'eth0', []],
  ['a group', { group: 'wan' }, []],
  ['not', { not: 'eth0' }, ['eth0']],
  ['all', { all: ['eth0', { not: 'eth1' }] }, ['eth0', { not: 'eth1' }]],
  ['any', { any: ['eth0', 'eth1'] }, ['eth0', 'eth1']],
  ['at least', { atLeast: 1, of: ['eth0', 'eth1'] }, ['eth0', 'eth1']],
  [
    'a weight',
    {
      weight: {
        of: [
          { source: 'eth0', weight: 1 },
          { source: 'eth1', weight: 2 },
        ],
        atLeast: 2,
      },
    },
    ['eth0', 'eth1'],
  ],
] as const)('the expressions right inside of %s', (_what, expression, members) => {
  expect(membersOf(expression as never)).toEqual(members);
});
