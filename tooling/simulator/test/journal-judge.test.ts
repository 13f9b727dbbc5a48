import { expect, test } from 'vitest';
import { JournalJudge } from '../src/journal-judge.ts';

/** A line about one destination. */
function line(id: string, to: 'up' | 'down') {
  const message = `${id}: set ${to}`;
  return { event: 'action', level: 'notice', message, fields: { destinations: [id], to } } as const;
}

const DOWN = { id: 'vrrp0', to: 'down' } as const;

test('the judge of the journal finds a change that no line of the same moment explains', () => {
  const judge = new JournalJudge();
  judge.changed(DOWN);
  judge.logged(line('vrrp0', 'down'));
  judge.settled(true);
  judge.changed(DOWN);
  judge.logged(line('vrrp0', 'up'));
  judge.settled(true);
  expect(judge.wrong()).toEqual(['the daemon sets vrrp0 down and does not say so']);
  expect(judge.wrong()).toEqual([]);
});

test('the judge of the journal finds a line that the next daemon does not read', () => {
  const judge = new JournalJudge();
  judge.logged(line('vrrp0', 'down'));
  judge.settled(true);
  judge.began([{ time: '', level: 'info', event: 'start', msg: 'started' }]);
  expect(judge.wrong()).toEqual(['the journal has lost "vrrp0: set down"']);
});

test('the judge of the journal excuses lines that were not written: by a kill before that, by a disk that failed or lost them', () => {
  const judge = new JournalJudge();
  judge.changed(DOWN);
  judge.logged(line('vrrp0', 'down'));
  judge.killed(() => true);
  judge.logged(line('vrrp0', 'up'));
  judge.settled(false);
  judge.logged(line('vrrp1', 'up'));
  judge.settled(true);
  judge.forget();
  judge.began([]);
  expect(judge.wrong()).toEqual([]);
});

test('a daemon that is killed before it says that it has set a destination down: the next one knows of it by a record alone', () => {
  const judge = new JournalJudge();
  judge.changed(DOWN);
  judge.killed(() => false);
  expect([judge.takeUntold(), judge.takeUntold()]).toEqual([['vrrp0'], []]);
  judge.changed(DOWN);
  judge.killed(() => true);
  expect(judge.takeUntold()).toEqual([]);
});
