import { compile, type SourceReading, simulate } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { plannedNumbers } from '../../../src/cli/commands/planned-numbers.ts';

const policy = compile({
  groups: {
    g: {
      require: {
        weight: {
          atLeast: 1,
          of: [
            { source: 'eth0', weight: 20 },
            { source: 'eth1', weight: 10 },
          ],
        },
      },
      destinations: ['/run/track'],
      upDelayMs: 3000,
    },
  },
});

/** What a start would write while only these sources are active. */
function planned(active: readonly string[], held: number | null) {
  const sources = policy.sources.map(
    (id): SourceReading => ({ id, health: active.includes(id) ? 'active' : 'failed', reason: '' }),
  );
  const destinations = [{ id: '/run/track', is: 'up' } as const];
  const event = { type: 'sources', complete: true, sources, destinations } as const;
  const trace = simulate(policy, [{ at: 0, event }], { start: 0 });
  return plannedNumbers(policy, trace, 'g', held).map(({ number, to }) => `${number} ${to}`);
}

test.each([
  ['all active, another number', ['eth0', 'eth1'], 10, ['30 up']],
  ['all active, the number is there', ['eth0', 'eth1'], 30, []],
  ['one active, no number', ['eth1'], null, ['10 up']],
  ['none active', [], 30, ['0 down']],
] as const)('the numbers that a start would write: %s', (_what, active, held, expected) => {
  expect(planned(active, held)).toEqual(expected);
});
