import { keepalivedFault } from '@ifdepd/netlab';
import { labEvents, runSetUp, setUps } from '@ifdepd/paths';
import { expect, test } from 'vitest';
import { program } from '../support/program.ts';

/** It ends a broken test, and times none. */
const LONGEST_MS = 120_000;

test('packets between two hosts flow through the other gateway when an upstream cable of the master is cut', async () => {
  expect(keepalivedFault()).toBeNull();
  const setUp = setUps.find(({ name }) => name === 'ifdepd: vmacs down');
  const events = labEvents.filter(({ name }) => name === 'WAN cable cut');
  if (setUp === undefined) {
    throw new Error('the lab has no such set-up');
  }
  const trials = await runSetUp({ program, setUp, events, trials: 1, longestMs: LONGEST_MS });
  expect(trials).toEqual([
    {
      event: 'WAN cable cut',
      outageMs: expect.any(Number),
      lost: expect.any(Number),
      repairMs: expect.any(Number),
    },
  ]);
});
