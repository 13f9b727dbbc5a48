import { checkPolicy } from './check.ts';
import { compile } from './compile/compile.ts';
import type { GroupConfig, PolicyConfig } from './config.ts';
import { start } from './engine/start.ts';
import { step } from './engine/step.ts';
import { describe } from './explain/describe.ts';
import type { Policy } from './policy.ts';

/** One of the states that a policy can come to rest in. */
export interface Outcome<
  Source extends string = string,
  Group extends string = string,
  Destination extends string = string,
> {
  /** A smallest set of failed sources that leads to it, in the order of the policy. Every other source is active. */
  readonly failed: readonly Source[];
  /** How many combinations of failed and active sources lead to it. */
  readonly combinations: number;
  readonly groups: Readonly<Record<Group, 'up' | 'down'>>;
  readonly destinations: Readonly<Record<Destination, 'up' | 'down'>>;
}

/** More sources have more combinations than a test should try: 65,536 take about a second. */
const MOST_SOURCES = 16;

/**
 * Every outcome that a configuration can have, for tests of configurations: each combination of failed and active sources is tried, and
 * equal outcomes are one. The first has no failed source, and those with fewer come first. Delays, dampening and holds are left
 * out: it is where a group rests. An expression with hysteresis counts as failed between its thresholds.
 *
 * @throws {RangeError} where the policy names more than 16 sources
 * @throws {TypeError} when an argument is not what its type says
 *
 * @example
 * ```ts
 * import { compile, everyOutcome } from '@ifdepd/policy';
 *
 * const policy = compile({ groups: { web: { require: { atLeast: 1, of: ['db1', 'db2'] }, destinations: ['shop'] } } });
 * for (const { failed, destinations } of everyOutcome(policy)) {
 *   console.log(`${failed.join('+') || 'none'}: ${destinations.shop}`);
 * }
 * // none: up
 * // db1+db2: down
 * ```
 */
export function everyOutcome<Source extends string, Group extends string, Destination extends string>(
  policy: Policy<Source, Group, Destination>,
): readonly Outcome<Source, Group, Destination>[] {
  checkPolicy(policy);
  const { sources } = policy;
  if (sources.length > MOST_SOURCES) {
    throw new RangeError(
      `policy has ${sources.length} sources, and everyOutcome tries all combinations of at most ${MOST_SOURCES}: try its groups apart.`,
    );
  }
  const resting = compile(withoutTime(policy.config));
  const found = new Map<string, Outcome & { combinations: number }>();
  for (const failed of subsets(sources)) {
    const { groups, destinations } = restingState(resting, failed);
    const key = JSON.stringify([groups, destinations]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { failed, combinations: 1, groups, destinations });
    else known.combinations += 1;
  }
  return [...found.values()] as readonly Outcome[] as readonly Outcome<Source, Group, Destination>[];
}

function restingState(policy: Policy, failed: readonly string[]) {
  const { state } = step(
    policy,
    start(policy, 0).state,
    {
      type: 'sources',
      complete: true,
      sources: policy.sources.map((id) => ({
        id,
        health: failed.includes(id) ? 'failed' : 'active',
        reason: '',
      })),
    },
    0,
  );
  const { groups, destinations } = describe(policy, state);
  const upOr = (up: boolean): 'up' | 'down' => (up ? 'up' : 'down');
  return {
    groups: Object.fromEntries(groups.map(({ name, phase }) => [name, upOr(phase === 'up')])),
    destinations: Object.fromEntries(destinations.map(({ id, want }) => [id, upOr(want === 'up')])),
  };
}

/** All subsets, the smaller ones first. */
function subsets<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const all = Array.from({ length: 2 ** items.length }, (_, mask) =>
    items.filter((_item, at) => (mask & (1 << at)) !== 0),
  );
  return all.sort((a, b) => a.length - b.length);
}

function withoutTime({ groups }: PolicyConfig): PolicyConfig {
  const bare = Object.entries(groups).map(([name, { require, destinations }]): [string, GroupConfig] => [
    name,
    { require, ...(destinations && { destinations }) },
  ]);
  return { groups: Object.fromEntries(bare) };
}
