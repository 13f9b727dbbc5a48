import { checkState } from '../check.ts';
import { blameOf } from '../engine/blame.ts';
import { nextDeadline } from '../engine/draft.ts';
import { deadline, penaltyNow } from '../engine/phase.ts';
import { groupOf } from '../engine/select.ts';
import { holders, wantOf } from '../engine/target.ts';
import type { Compiled, GroupSpec, Policy } from '../policy.ts';
import { NEVER, type State } from '../state.ts';
import type { DestinationStatus, GroupStatus, Status } from '../status.ts';
import { at, get } from '../vec.ts';
import { differenceOf } from './difference.ts';

/**
 * The state as a status command shows it. Fast enough for every request, too slow for every event.
 *
 * @throws {StateError} when the state belongs to another policy
 */
export function describe(policy: Policy, state: State): Status {
  checkState(policy, state);
  const compiled = policy as Compiled;
  const { now, ready, counters } = state;
  return {
    now,
    ready,
    nextDeadline: nextDeadline(state),
    groups: compiled.groups.map((_, group) => groupStatus(compiled, state, group)),
    destinations: compiled.targets.map((_, target) => destinationStatus(compiled, state, target)),
    counters,
  };
}

function groupStatus(policy: Compiled, state: State, root: number): GroupStatus {
  const spec = specOf(policy, root);
  const group = groupOf(state, root);
  const { value: requirement, active: weight } = get(state.gates, root);
  const { phase, since, hidden, suppressedUntil, latched } = group;
  return {
    name: at(policy.groups, root),
    phase,
    since,
    requirement,
    weight,
    until: orNull(deadline(spec, group, requirement)),
    blame: blameOf(policy, state, root),
    hidden,
    penalty: Math.round(penaltyNow(spec, group, state.now)),
    suppressedUntil: suppressedUntil > state.now ? suppressedUntil : null,
    latched,
    sources: spec.sources.map((source) => ({
      id: at(policy.sources, source),
      ...get(state.sources, source),
    })),
    destinations: spec.destinations.map((target) => at(policy.destinations, target)),
  };
}

function destinationStatus(policy: Compiled, state: State, index: number): DestinationStatus {
  const spec = at(policy.targets, index);
  const target = get(state.targets, index);
  const { is, since, owned, pending, error, cause, foreignChanges } = target;
  return {
    id: spec.id,
    want: wantOf(target),
    is,
    since,
    heldBy: holders(state, spec, 'down').map((group) => at(policy.groups, group)),
    owned,
    pending,
    error,
    cause,
    retryAt: orNull(get(state.dues, policy.groups.length + index)),
    foreignChanges,
    differs: differenceOf(spec, target),
  };
}

/** What a group adds to the gate that is known to be its root. */
export function specOf(policy: Compiled, root: number): GroupSpec {
  return at(policy.gates, root).group as GroupSpec;
}

function orNull(due: number): number | null {
  return due === NEVER ? null : due;
}
