import { expect, test } from 'vitest';
import { costOf, costOfPeriods } from '../src/lab/cost.ts';
import type { Guest } from '../src/machine/guest.ts';

/** A guest whose cat(1) prints a text. */
function printing(output: string): Guest {
  const answer = { id: 1, status: output === '' ? 1 : 0, output, error: 'No such file', atMs: 5000 };
  return { ask: async () => answer } as unknown as Guest;
}

/** The user's time is the 14th field, the system's the 15th. */
const stat = '7 (node) (odd)) S 1 7 7 0 -1 4194560 9000 0 12 0 250 50 0 0 20 0 11 0 4200 1000000 20000';
const status = 'Name:\tnode\nThreads:\t11\nvoluntary_ctxt_switches:\t321\nnonvoluntary_ctxt_switches:\t99\n';

test('the cost of a process has user and system time of its stat, and the voluntary switches of its status', async () => {
  expect(await costOf(printing(`${stat}\n${status}`), 7)).toEqual({ atMs: 5000, cpuMs: 3000, wakeUps: 321 });
});

test('the cost of a process that is gone is an error that names it', async () => {
  await expect(costOf(printing(''), 7)).rejects.toThrow(
    'cannot read the cost of process 7 in the guest: No such file',
  );
});

test('the cost of several periods is the sum of what each took, and not what passed between them', () => {
  const at = (atMs: number, cpuMs: number, wakeUps: number) => ({ atMs, cpuMs, wakeUps });
  expect(
    costOfPeriods([
      [at(1000, 100, 10), at(6000, 150, 15)],
      [at(9000, 900, 90), at(14_000, 920, 97)],
    ]),
  ).toEqual(at(10_000, 70, 12));
});
