import type { Cause, DestinationReading, Effect, Health, Reason } from '../events.ts';
import { blameOf } from '../explain/blame.ts';
import { type Backoff, FIGHT_MS, QUIET_MS, RETRY_MS } from '../knobs.ts';
import { own } from '../own.ts';
import type { GroupSpec, Target } from '../policy.ts';
import { type GroupState, NEVER, type State, type TargetState } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { copyTarget, type Fresh } from './copy.ts';
import { type Draft, setDue } from './draft.ts';
import { change, outcome } from './verdict.ts';

/** What the groups want together: down if any does, else up if any does. */
export function wantOf({ down, up }: TargetState): 'up' | 'down' | 'none' {
  return down > 0 ? 'down' : up > 0 ? 'up' : 'none';
}

/** A write is owed from now on, whatever came before. */
export function owe(target: Fresh<TargetState>, to: 'up' | 'down', cause: Cause, now: number): void {
  forget(target);
  target.owed = to;
  target.cause = cause;
  target.hold = now;
}

/** Counts the opinion of a group on a destination when it goes over from one to another. */
export function count(target: Fresh<TargetState>, from: Health, to: Health): void {
  target.down += change('failed', from, to);
  target.up += change('active', from, to);
}

/** A group has changed its mind: those of its destinations that now are wanted so are owed it. */
export function changeOpinion(draft: Draft, spec: GroupSpec, before: Health, after: Health): void {
  for (const number of spec.destinations) {
    const target = edit(draft, number);
    count(target, before, after);
    const want = wantOf(target);
    if (want !== 'none' && outcome(want) === after) {
      owe(target, want, 'transition', draft.state.now);
    }
  }
}

/** Takes in what the system shows of a destination. */
export function readTarget(draft: Draft, reading: DestinationReading): void {
  const { policy, state } = draft;
  const number = own(policy.targetIndex, reading.id);
  if (number === undefined) return;
  const target = edit(draft, number);
  const { is: was, pending, owned, foughtAt } = target;
  const { is } = reading;
  const want = wantOf(target);
  target.is = is;
  target.pending = null;
  if (was !== is) target.since = state.now;
  // What it was set to, and by whom, is as true as before.
  if (is === 'unknown') return;
  const ours = was === 'down' || was === 'unknown' ? owned : was === 'up' && pending === 'down';
  target.owned = is === 'down' && (reading.owned ?? ours);
  if (is === want || is === 'missing' || was === 'missing') {
    forget(target);
    if (was === 'missing' && is !== was) {
      target.cause = 'arrival';
      // Never raised because it appeared, unless it is known to be the one that we lowered.
      if (want === 'down' || (want === 'up' && is === 'down' && reading.owned === true)) target.owed = want;
    }
  } else if (reading.slipped === true && want === 'down') {
    owe(target, want, 'slip', state.now);
  } else if (pending === null ? was === want : pending !== is) {
    // Against what is wanted, and not for the first time: somebody else has done it, or undone what we did.
    if (pending === null) {
      target.foreignChanges += 1;
      state.counters.foreignChanges += 1;
    }
    if (state.now - foughtAt >= QUIET_MS) target.fights = 0;
    target.hold = target.fights > 0 ? foughtAt + wait(target.fights, FIGHT_MS) : state.now;
    target.cause = 'enforce';
  }
}

/** An effect could not be applied. One that has been overtaken by another is of no interest. */
export function failTarget(draft: Draft, effect: Effect, code: string): void {
  const { policy, state } = draft;
  const number = own(policy.targetIndex, effect.destination);
  if (number === undefined || get(state.targets, number).pending !== effect.to) return;
  const target = edit(draft, number);
  target.pending = null;
  target.error = code;
  target.tries += 1;
  target.hold = state.now + wait(target.tries, RETRY_MS);
  state.counters.failures += 1;
}

/** Decides on every destination touched, in the order of the policy: an effect, a deadline, or nothing. */
export function settleTargets(draft: Draft): void {
  const { policy, state, touched } = draft;
  if (touched.length > 1) touched.sort((one, other) => one - other);
  let last = -1;
  for (const number of touched) {
    if (number === last) continue;
    last = number;
    const spec = at(policy.targets, number);
    // Touched in this event, so it is a copy of this event's own.
    const target: Fresh<TargetState> = get(state.targets, number);
    const to = wantOf(target);
    if (target.is === to && target.pending === null) target.owed = null;
    const calls = to !== 'none' && callsFor(spec, target, to);
    const waits = calls && target.hold > state.now;
    setDue(draft, policy.groups.length + number, waits ? target.hold : NEVER);
    if (!calls || waits) continue;
    target.pending = to;
    if (target.cause === 'enforce') {
      target.fights += 1;
      target.foughtAt = state.now;
    }
    const because = reasonFor(draft, spec, to, target.error === null ? target.cause : 'retry');
    draft.effects.push({ type: 'set', destination: spec.id, to, because });
  }
}

/** Whether a write is called for: what is (or is under way) differs, and it is owed or insisted on. */
function callsFor(spec: Target, target: TargetState, to: 'up' | 'down'): boolean {
  const is = target.pending ?? target.is;
  if (is === to || is === 'missing') return false;
  if (to === 'down') return target.owed === to || spec.hard;
  // Never read, it may well be up: nothing is raised on a guess, though down is asserted.
  if (is === 'unknown' || (spec.owned && !target.owned && target.pending === null)) return false;
  return target.owed === to || spec.always;
}

/** The groups that want a destination so. */
export function holders(state: State, { groups }: Target, to: 'up' | 'down'): number[] {
  return groups.filter((gate) => outcome(groupOf(state, gate).phase) === outcome(to));
}

/** The state of the group at a gate that is known to be one. */
export function groupOf({ gates }: State, gate: number): GroupState {
  return get(gates, gate).group as GroupState;
}

/** What stands behind a write: of the groups that want it, one that waits for nothing, and the one that changed last. */
function reasonFor(
  { policy, state, transitions }: Draft,
  spec: Target,
  to: 'up' | 'down',
  cause: Cause,
): Reason {
  const waits = (number: number): number => Number(groupOf(state, number).phase !== to);
  const since = (number: number): number => groupOf(state, number).since;
  const number = at(
    holders(state, spec, to).sort((one, other) => waits(one) - waits(other) || since(other) - since(one)),
    0,
  );
  const group = at(policy.groups, number);
  const { from, phase } = groupOf(state, number);
  const [first] = transitions;
  const blame = first?.group === group ? first.blame : blameOf(policy, state, number);
  return { cause, group, from, to: phase, blame };
}

/** Nothing is owed, and no trouble outstanding. */
function forget(target: Fresh<TargetState>): void {
  target.owed = null;
  target.error = null;
  target.tries = 0;
}

/** A copy of a destination that may be changed until the end of the event, when it is decided on. */
export function edit({ state, touched }: Draft, number: number): Fresh<TargetState> {
  const target = copyTarget(get(state.targets, number), state.now);
  state.targets = put(state.targets, number, target);
  touched.push(number);
  return target;
}

/** The wait after so many attempts in a row. */
function wait(attempts: number, [first, longest]: Backoff): number {
  return Math.min(first * 2 ** (attempts - 1), longest);
}
