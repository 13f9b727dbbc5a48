import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, everyOutcome } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { config, runs } from './support/arbitraries.ts';

test('a redundant gateway has two outcomes, and the worse one takes one failed source', () => {
  const policy = compile({
    groups: { gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'], upDelayMs: 3000 } },
  });
  expect(everyOutcome(policy)).toEqual([
    { failed: [], combinations: 1, groups: { gateway: 'up' }, destinations: { carp0: 'up' } },
    { failed: ['em0'], combinations: 3, groups: { gateway: 'down' }, destinations: { carp0: 'down' } },
  ]);
});

test('two groups on one destination, and a chain: each outcome has the smallest set that leads to it', () => {
  const policy = compile({
    groups: {
      links: { require: { any: ['a', 'b'] }, destinations: ['d'] },
      service: { require: { all: ['c', { group: 'links' }] }, destinations: ['d', 'e'] },
    },
  });
  expect(
    everyOutcome(policy).map(({ failed, groups, destinations }) => [failed, groups, destinations]),
  ).toEqual([
    [[], { links: 'up', service: 'up' }, { d: 'up', e: 'up' }],
    [['c'], { links: 'up', service: 'down' }, { d: 'down', e: 'down' }],
    [['a', 'b'], { links: 'down', service: 'down' }, { d: 'down', e: 'down' }],
  ]);
});

test('a policy of more than 16 sources is refused, with the way out', () => {
  const all = Array.from({ length: 17 }, (_, at) => `eth${at}`);
  const policy = compile({ groups: { g: { require: { all }, destinations: ['d'] } } });
  expect(() => everyOutcome(policy)).toThrow(
    /^policy has 17 sources, and .* at most 16: try its groups apart\.$/,
  );
});

test('every combination of sources that comes to rest is one of the outcomes', () => {
  fc.assert(
    fc.property(config, fc.infiniteStream(fc.boolean()), (configuration, coins) => {
      const policy = compile(configuration);
      fc.pre(policy.sources.length <= 8);
      const outcomes = everyOutcome(policy);
      expect(outcomes.reduce((sum, { combinations }) => sum + combinations, 0)).toBe(
        2 ** policy.sources.length,
      );
      const world = drive(compile({ groups: bare(configuration.groups) }));
      world.snapshot(
        Object.fromEntries(policy.sources.map((id) => [id, coins.next().value ? 'active' : 'failed'])),
      );
      const groups = Object.fromEntries(world.status.groups.map(({ name, phase }) => [name, phase]));
      expect(outcomes.map((one) => one.groups)).toContainEqual(groups);
    }),
    runs(0.05),
  );
});

function bare(groups: ReturnType<typeof compile>['config']['groups']) {
  return Object.fromEntries(
    Object.entries(groups).map(([name, { require, destinations }]) => [
      name,
      { require, ...(destinations && { destinations }) },
    ]),
  );
}
