import { expect, test } from 'vitest';
import type { JournalEntry } from '../../src/state/journal-entry.ts';
import { selectEntries } from '../../src/state/select-entries.ts';

const entry = (msg: string, second: number, fields: object): JournalEntry => ({
  time: `2026-01-31T12:00:0${second}.000Z`,
  level: 'info',
  event: 'x',
  msg,
  ...fields,
});

const entries = [
  entry('start', 0, { pid: 1 }),
  entry('source', 1, { source: 'em0', to: 'failed' }),
  entry('transition', 2, { group: 'g', blame: ['em0'] }),
  entry('action', 3, { group: 'g', destinations: ['carp0', 'carp1'], blame: ['em0'] }),
  entry('other', 4, { group: 'h', destinations: ['carp1'] }),
  entry('members', 5, { pattern: 'match:eth*', sources: ['eth3'], groups: ['k'] }),
];

const everything = { since: null, group: null, interface: null, last: null };

test.each([
  ['everything', {}, ['start', 'source', 'transition', 'action', 'other', 'members']],
  ['the latest two', { last: 2 }, ['other', 'members']],
  ['none of them', { last: 0 }, []],
  ['more than there are', { last: 9 }, ['start', 'source', 'transition', 'action', 'other', 'members']],
  ['a time', { since: '2026-01-31T12:00:03.000Z' }, ['action', 'other', 'members']],
  ['a group', { group: 'g' }, ['transition', 'action']],
  [
    'a source: where it changed and where it is to blame',
    { interface: 'em0' },
    ['source', 'transition', 'action'],
  ],
  ['an interface that a pattern has matched', { interface: 'eth3' }, ['members']],
  ['a group whose pattern has matched', { group: 'k' }, ['members']],
  ['a destination', { interface: 'carp1' }, ['action', 'other']],
  ['the latest of a group and a destination', { group: 'g', interface: 'carp1', last: 1 }, ['action']],
])('the entries for a query of %s', (_title, query, found) => {
  expect(selectEntries(entries, { ...everything, ...query }).map(({ msg }) => msg)).toEqual(found);
});
