import { runChaos } from '@ifdepd/faults';
import { enterNewNamespace } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { program } from '../support/program.ts';

// The long form is `npm run chaos`; a seed that once ended wrong belongs here.
test.each([1, 20261122])(
  'random faults with seed %i: the daemon, the kernel and the naive model agree after each round',
  async (seed) => {
    enterNewNamespace();
    const wrong: string[] = [];
    const tallies = await runChaos({
      program,
      seed,
      faults: 25,
      durationMs: Number.POSITIVE_INFINITY,
      wrong: (report) => wrong.push(report),
    });
    expect(wrong).toEqual([]);
    expect(tallies.reduce((sum, { injected }) => sum + injected, 0)).toBe(25);
  },
  300_000,
);
