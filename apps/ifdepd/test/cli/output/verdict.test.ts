import type { Phase } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { verdictOf } from '../../../src/cli/output/verdict.ts';

const groups = (...phases: readonly Phase[]) => phases.map((phase, at) => ({ name: `g${at}`, phase }));
const held = (id: string) => ({ id, heldBy: ['g0'] });
const wrong = (id: string, reason: 'changed' | 'setting' = 'changed') => ({
  id,
  heldBy: [],
  differs: { reason, left: false, since: '', retryAt: null },
});

test.each([
  ['one group that is up', groups('up'), [], '1 group up', 0],
  ['groups that are all up', groups('up', 'going-down'), [], 'all 2 groups up', 0],
  ['a group that is starting', groups('up', 'starting'), [], '1 of 2 groups up, 1 starting', 0],
  [
    'a group that is coming up counts as down',
    groups('down', 'coming-up', 'up'),
    [held('a'), held('b')],
    '2 of 3 groups down, 2 destinations held down',
    1,
  ],
  [
    'a destination that another program changed',
    groups('down', 'paused'),
    [held('a'), wrong('b')],
    '1 of 2 groups down, 1 paused, 1 destination held down, 1 is not as wanted',
    2,
  ],
  ['a destination that is being set', groups('up'), [wrong('a', 'setting')], '1 group up', 0],
] as const)('the verdict about %s', (_title, some, destinations, text, exitCode) => {
  expect(verdictOf(some, destinations)).toEqual({ text, exitCode });
});

test('a verdict with names says which groups and destinations it counts', () => {
  expect(verdictOf(groups('down', 'up'), [held('a'), wrong('b'), wrong('c')], true).text).toBe(
    '1 of 2 groups down (g0), 1 destination held down (a), 2 are not as wanted (b, c)',
  );
});
