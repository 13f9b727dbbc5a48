import { compile, simulate, type TimelineEntry } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { chart } from '../../../src/cli/output/chart.ts';
import { style } from '../../../src/cli/output/terminal.ts';
import { withWeights } from '../../../src/cli/output/weighed-trace.ts';

test('a simulation shows each change of the weight of a group that a file holds, also where no phase changes', () => {
  const of = [
    { source: 'eth0', weight: 20 },
    { source: 'eth1', weight: 10 },
  ];
  const policy = compile({
    groups: { g: { require: { weight: { atLeast: 1, of } }, destinations: ['/x'] } },
  });
  const reading = (id: string, health: 'active' | 'failed') => ({ id, health, reason: '' });
  const timeline: readonly TimelineEntry[] = [
    {
      at: 0,
      event: {
        type: 'sources',
        complete: true,
        sources: [reading('eth0', 'active'), reading('eth1', 'active')],
      },
    },
    { at: 2000, event: { type: 'source', source: reading('eth0', 'failed') } },
    { at: 3000, event: { type: 'source', source: reading('eth0', 'failed') } },
    { at: 4000, event: { type: 'source', source: reading('eth1', 'failed') } },
  ];
  const { entries } = simulate(policy, timeline, { start: 0 });
  const weighed = withWeights(policy, entries, new Set(['g']));
  expect(weighed.map(({ at, weights }) => [at, weights?.['g']])).toEqual([
    [0, 30],
    [2000, 10],
    [3000, undefined],
    [4000, 0],
  ]);
  const lines = chart(policy, weighed, null, 80, style()).map((line) => line.trim());
  expect(lines.filter((line) => line.includes('weight'))).toEqual([
    '0 ms  g: weight 30',
    '2 s  g: weight 10',
    '4 s  g: weight 0',
  ]);
  expect(withWeights(policy, entries, new Set())).toBe(entries);
});
