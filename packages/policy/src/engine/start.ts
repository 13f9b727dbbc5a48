import { checkPolicy, checkTime } from '../check.ts';
import type { Compiled, Policy } from '../policy.ts';
import {
  type GroupState,
  NEVER,
  type SourceState,
  type State,
  type Step,
  type TargetState,
} from '../state.ts';
import { toVec } from '../vec.ts';
import { copyGroup, copyTarget } from './copy.ts';

/**
 * The first state: every source and destination is unknown, every group is `starting`, there are no effects. Feed a
 * complete `sources` event with the destinations first.
 *
 * @param now monotonic milliseconds
 * @throws {TypeError} when an argument is not what its type says
 *
 * @example
 * ```ts
 * import { compile, start } from '@ifdepd/policy';
 *
 * const policy = compile({ groups: { web: { require: 'db', destinations: ['shop'] } } });
 * console.log(start(policy, 0).effects.length); // 0
 * ```
 */
export function start(policy: Policy, now: number): Step {
  checkPolicy(policy);
  checkTime('now', now);
  const { gates, sources, targets } = policy as Compiled;
  const state = build(
    policy as Compiled,
    now,
    sources.map(() => ({ health: 'unknown', reason: '', since: now })),
    gates.map(
      ({ group }) =>
        group &&
        copyGroup({ until: now + group.startDelayMs, suppressedUntil: now + group.startHoldMs }, now),
    ),
    targets.map(() => copyTarget({}, now)),
  );
  return { state, transitions: [], effects: [], nextDeadline: null, evaluated: 0 };
}

/**
 * A state made of these parts. No gate is evaluated yet.
 *
 * @param groups by the numbers of their gates; null or absent for other gates
 * @param held by gate: whether its hysteresis was active last
 */
export function build(
  { fingerprint, gates, groups: names }: Compiled,
  now: number,
  sources: readonly SourceState[],
  groups: readonly (GroupState | null)[],
  targets: readonly TargetState[],
  held?: ReadonlyMap<number, boolean>,
): State {
  const dues = toVec([...names, ...targets].map(() => NEVER));
  return {
    version: 1,
    policy: fingerprint,
    now,
    ready: false,
    counters: { events: 0, transitions: 0, effects: 0, failures: 0, foreignChanges: 0 },
    sources: toVec(sources),
    gates: toVec(
      gates.map(({ total }, gate) => ({
        active: 0,
        unknown: total,
        held: held?.get(gate) ?? false,
        value: 'unknown',
        group: groups[gate] ?? null,
      })),
    ),
    targets: toVec(targets),
    dues,
    mins: dues.map(() => NEVER),
    due: NEVER,
  };
}
