import fc from 'fast-check';
import type {
  DampeningConfig,
  Expression,
  GroupConfig,
  Health,
  PolicyConfig,
  Presence,
} from '../../src/index.ts';

/** Runs of each property; FC_NUM_RUNS asks for more (or fewer), FC_SEED for the same ones again. */
export const runs = (share = 1): fc.Parameters<unknown> => {
  const { FC_NUM_RUNS = '10000', FC_SEED } = process.env;
  const numRuns = Math.max(1, Math.ceil(Number(FC_NUM_RUNS) * share));
  return FC_SEED === undefined ? { numRuns } : { numRuns, seed: Number(FC_SEED) };
};

export const SOURCES = ['s0', 's1', 's2', 's3'] as const;
export const DESTINATIONS = ['d0', 'd1', 'd2'] as const;

export const health: fc.Arbitrary<Health> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Health>('active') },
  { weight: 4, arbitrary: fc.constant<Health>('failed') },
  { weight: 1, arbitrary: fc.constant<Health>('unknown') },
);
export const presence: fc.Arbitrary<Presence> = fc.constantFrom('up', 'down', 'missing');

/** Distinct members of an expression list. */
const members = (leaf: fc.Arbitrary<Expression>): fc.Arbitrary<Expression[]> =>
  fc.uniqueArray(leaf, { minLength: 1, maxLength: 3, selector: (member) => JSON.stringify(member) });

/** An expression over the sources and these groups. */
export function expression(groups: readonly string[]): fc.Arbitrary<Expression> {
  const names: fc.Arbitrary<Expression> = fc.constantFrom(...SOURCES);
  const leaf =
    groups.length === 0
      ? names
      : fc.oneof({ weight: 3, arbitrary: names }, fc.record({ group: fc.constantFrom(...groups) }));
  const { tree } = fc.letrec<{ tree: Expression; node: Expression }>((tie) => ({
    tree: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, tie('node')),
    node: fc.oneof(
      members(tie('tree')).map((all) => ({ all })),
      members(tie('tree')).map((any) => ({ any })),
      tie('tree').map((not) => ({ not })),
      members(tie('tree')).chain((of) =>
        fc
          .integer({ min: 1, max: of.length })
          .chain((atLeast) =>
            fc
              .option(fc.integer({ min: 1, max: atLeast }), { nil: undefined })
              .map((below) => (below === undefined ? { atLeast, of } : { atLeast, below, of })),
          ),
      ),
      members(tie('tree')).map((of) => ({ atLeast: '90%' as const, below: '40%' as const, of })),
      fc.record({ of: members(tie('tree')), atLeast: fc.constantFrom('1%', '34%', '50%', '100%') }),
      weight(members(tie('tree'))),
    ),
  }));
  return tree;
}

function weight(list: fc.Arbitrary<Expression[]>): fc.Arbitrary<Expression> {
  return list.chain((sources) =>
    fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: sources.length, maxLength: sources.length })
      .chain((weights) => {
        const of = sources.map((source, i) => ({ source, weight: weights[i] ?? 1 }));
        const total = of.reduce((sum, one) => sum + one.weight, 0);
        return fc
          .integer({ min: 1, max: total })
          .chain((atLeast) =>
            fc
              .option(fc.integer({ min: 1, max: atLeast }), { nil: undefined })
              .map((below) => ({ weight: below === undefined ? { atLeast, of } : { atLeast, below, of } })),
          );
      }),
  );
}

const delay = fc.constantFrom(0, 0, 100, 1_000);

const dampening: fc.Arbitrary<DampeningConfig> = fc.constantFrom<DampeningConfig>(
  {},
  { halfLifeMs: 1_000, maxSuppressMs: 3_000 },
  { halfLifeMs: 700, suppress: 1_500, reuse: 333, maxSuppressMs: 60_000, penalty: 900 },
  { suppress: 900, reuse: 100, maxSuppressMs: 50 },
);

function group(earlier: readonly string[]): fc.Arbitrary<GroupConfig> {
  return fc.record(
    {
      require: expression(earlier),
      destinations: fc.uniqueArray(fc.constantFrom(...DESTINATIONS), { minLength: 1, maxLength: 2 }),
      downDelayMs: delay,
      upDelayMs: delay,
      startDelayMs: delay,
      startHoldMs: fc.constantFrom(0, 0, 0, 700),
      dampening,
      enforce: fc.constantFrom('down', 'always', 'never'),
      raise: fc.constantFrom('always', 'owned'),
      restore: fc.constantFrom('auto', 'auto', 'manual'),
    },
    // Now and then a group has no destinations.
    { requiredKeys: earlier.length === 1 ? ['require'] : ['require', 'destinations'] },
  );
}

/** A configuration of one to three groups that compiles; the order of the keys is not that of the dependencies. */
export const config: fc.Arbitrary<PolicyConfig> = fc
  .tuple(group([]), fc.option(group(['g0'])), fc.option(group(['g0', 'g1'])))
  .chain(([first, second, third]) => {
    const entries: [string, GroupConfig][] = [['g0', first]];
    if (second !== null) entries.push(['g1', second]);
    if (second !== null && third !== null) entries.push(['g2', third]);
    return fc
      .shuffledSubarray(entries, { minLength: entries.length })
      .map((shuffled) => ({ groups: Object.fromEntries(shuffled) }));
  });

/** One step of a run. `obey` and `refuse` answer the oldest effect without an answer. */
export type Action =
  | { readonly do: 'source'; readonly id: string; readonly health: Health }
  | {
      readonly do: 'snapshot';
      readonly complete: boolean;
      readonly health: readonly (Health | null)[];
      readonly is: readonly (Presence | null)[] | null;
    }
  | {
      readonly do: 'destination';
      readonly id: string;
      readonly is: Presence;
      readonly owned: boolean | undefined;
      readonly slipped: boolean | undefined;
    }
  | { readonly do: 'obey' | 'refuse' | 'deadline' | 'roundtrip' | 'restore' | 'recompile' }
  | { readonly do: 'pause' | 'drain'; readonly group: string; readonly for: number | null }
  | { readonly do: 'resume' | 'restore group'; readonly group: string }
  | { readonly do: 'wait'; readonly ms: number };

const groupName = fc.constantFrom('g0', 'g1', 'g2');

export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('source' as const),
      id: fc.constantFrom(...SOURCES, 'other'),
      health,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('snapshot' as const),
      complete: fc.boolean(),
      health: fc.array(fc.option(health), { minLength: 4, maxLength: 4 }),
      is: fc.option(fc.array(fc.option(presence), { minLength: 3, maxLength: 3 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('destination' as const),
      id: fc.constantFrom(...DESTINATIONS, 'other'),
      is: presence,
      owned: fc.constantFrom(undefined, undefined, true, false),
      slipped: fc.constantFrom(undefined, undefined, true, false),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ do: 'obey' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'refuse' as const }) },
  { weight: 5, arbitrary: fc.constant({ do: 'deadline' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { do: 'roundtrip' as const },
      { do: 'restore' as const },
      { do: 'recompile' as const },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('pause' as const, 'drain' as const),
      group: groupName,
      for: fc.constantFrom(null, 0, 500),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('resume' as const, 'restore group' as const),
      group: groupName,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 99, 100, 1_000, 30_000, 70_000),
    }),
  },
);

/** Up to `maxLength` actions. Most begin with a complete snapshot, because nothing is decided before it. */
export const actions = (maxLength: number): fc.Arbitrary<Action[]> =>
  fc.tuple(fc.boolean(), fc.array(action, { maxLength })).map(([known, rest]) =>
    known
      ? [
          {
            do: 'snapshot',
            complete: true,
            health: ['active', 'active', 'active', 'active'],
            is: ['up', 'up', 'up'],
          },
          ...rest,
        ]
      : rest,
  );
