import type { Compiled, Gate, Policy } from '../policy.ts';
import { type GateState, type GroupState, NEVER, type State, type Step, type TargetState } from '../state.ts';
import { toVec } from '../vec.ts';

/**
 * The first state: every source and destination unknown, every group starting, nothing to do. Feed it a complete
 * `sources` event, with the destinations, before anything else.
 *
 * @param now monotonic milliseconds
 */
export function start(policy: Policy, now: number): Step {
  const { gates, targets, sources, groups, shifts, fingerprint } = policy as Compiled;
  const dues = toVec(new Array<number>(groups.length + targets.length).fill(NEVER), shifts.dues);
  const state: State = {
    version: 1,
    policy: fingerprint,
    now,
    ready: false,
    counters: { events: 0, transitions: 0, effects: 0, failures: 0, foreignChanges: 0 },
    sources: toVec(
      sources.map(() => ({ health: 'unknown', reason: '', since: now })),
      shifts.sources,
    ),
    gates: toVec(
      gates.map((gate) => newGateState(gate, now)),
      shifts.gates,
    ),
    targets: toVec(
      targets.map(() => newTarget(now)),
      shifts.targets,
    ),
    dues,
    mins: dues.map(() => NEVER),
  };
  return { state, effects: [], transitions: [], nextDeadline: null, evaluated: 0 };
}

function newGateState(gate: Gate, now: number): GateState {
  const { total, group } = gate;
  const grace = now + (group?.startDelayMs ?? 0);
  return { active: 0, unknown: total, held: false, value: 'unknown', group: group && newGroup(grace, now) };
}

/** A group that has just begun. `grace`: failures are not acted on before. */
export function newGroup(grace: number, now: number): GroupState {
  return {
    phase: 'starting',
    from: 'starting',
    since: now,
    grace,
    until: null,
    hidden: 0,
    penalty: 0,
    penaltyAt: now,
    suppressedUntil: now,
  };
}

/** A destination that has not been read yet. */
export function newTarget(now: number): TargetState {
  return {
    is: 'unknown',
    since: now,
    down: 0,
    hard: 0,
    up: 0,
    always: 0,
    owed: null,
    cause: 'transition',
    by: '',
    pending: null,
    owned: false,
    error: null,
    tries: 0,
    hold: now,
    again: false,
    fights: 0,
    foughtAt: now,
    foreign: 0,
  };
}
