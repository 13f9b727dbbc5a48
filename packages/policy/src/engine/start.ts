import type { Compiled, Policy } from '../policy.ts';
import {
  type GateState,
  NEVER,
  type SourceState,
  type State,
  type Step,
  type TargetState,
} from '../state.ts';
import { toVec } from '../vec.ts';
import { copyGroup, copyTarget } from './copy.ts';

/**
 * The first state: every source and destination unknown, every group starting, nothing to do. Feed it a complete
 * `sources` event, with the destinations, before anything else.
 *
 * @param now monotonic milliseconds
 */
export function start(policy: Policy, now: number): Step {
  const { gates, sources, targets } = policy as Compiled;
  const state = build(
    policy,
    now,
    sources.map(() => ({ health: 'unknown', reason: '', since: now })),
    gates.map(({ total, group }) => ({
      active: 0,
      unknown: total,
      held: false,
      value: 'unknown',
      group: group && copyGroup({ until: now + group.startDelayMs }, now),
    })),
    targets.map(() => copyTarget({}, now)),
  );
  return { state, effects: [], transitions: [], nextDeadline: null, evaluated: 0 };
}

/** A state of these parts, without deadlines. */
export function build(
  policy: Policy,
  now: number,
  sources: readonly SourceState[],
  gates: readonly GateState[],
  targets: readonly TargetState[],
): State {
  const { groups, shifts, fingerprint } = policy as Compiled;
  const dues = toVec(
    [...groups, ...targets].map(() => NEVER),
    shifts.dues,
  );
  return {
    version: 1,
    policy: fingerprint,
    now,
    ready: false,
    counters: { events: 0, transitions: 0, effects: 0, failures: 0, foreignChanges: 0 },
    sources: toVec(sources, shifts.sources),
    gates: toVec(gates, shifts.gates),
    targets: toVec(targets, shifts.targets),
    dues,
    mins: dues.map(() => NEVER),
  };
}
