import type { Cause, DestinationReading, Effect, Health, Reason } from '../events.ts';
import { type Backoff, FIGHT_MS, QUIET_MS, RETRY_MS } from '../knobs.ts';
import { type GroupSpec, own, type Target } from '../policy.ts';
import { NEVER, type State, type TargetState } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { blameOf } from './blame.ts';
import { copyTarget, type Fresh } from './copy.ts';
import { type Draft, setDue } from './draft.ts';
import { groupOf } from './select.ts';
import { change, outcome } from './verdict.ts';

/** What the groups together want: down if any wants it down, else up if any wants it up. */
export function wantOf({ down, up }: TargetState): 'up' | 'down' | 'none' {
  return down > 0 ? 'down' : up > 0 ? 'up' : 'none';
}

/** Makes a write due, and forgets earlier failures. */
export function owe(target: Fresh<TargetState>, to: 'up' | 'down', cause: Cause, now: number): void {
  forget(target);
  target.owed = to;
  target.cause = cause;
  target.hold = now;
}

/** Counts the opinions on a destination anew when a group goes from one outcome to another. */
export function count(target: Fresh<TargetState>, from: Health, to: Health): void {
  target.down += change('failed', from, to);
  target.up += change('active', from, to);
}

/** Applies a new outcome of a group to its destinations: a write is due where the groups together want it now. */
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

/** Applies a reading of a destination. */
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
  // An unknown state does not say who set it to what: that stays.
  if (is === 'unknown') return;
  const ours = was === 'down' || was === 'unknown' ? owned : was === 'up' && pending === 'down';
  target.owned = is === 'down' && (reading.owned ?? ours);
  if (is === want || is === 'missing' || was === 'missing') {
    forget(target);
    if (was === 'missing' && is !== was) {
      target.cause = 'arrival';
      // What other programs did to the one before is past.
      target.fights = 0;
      target.hold = state.now;
      // Up is not written because a destination appeared, unless we are known to have set it down.
      if (want === 'down' || (want === 'up' && is === 'down' && reading.owned === true)) target.owed = want;
    }
  } else if (reading.slipped === true && want === 'down') {
    owe(target, want, 'slip', state.now);
  } else if (pending === null ? was === want : pending !== is) {
    // It was right, or a write was on its way, and now it is wrong: another program changed it.
    if (pending === null) {
      target.foreignChanges += 1;
      state.counters.foreignChanges += 1;
    }
    if (state.now - foughtAt >= QUIET_MS) target.fights = 0;
    target.hold = target.fights > 0 ? foughtAt + wait(target.fights, FIGHT_MS) : state.now;
    target.cause = 'enforce';
  }
}

/** Applies the failure of an effect. Ignores one that another effect has replaced. */
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

/** Decides on every touched destination, in the order of the policy: an effect, a deadline, or neither. */
export function settleTargets(draft: Draft): void {
  const { policy, state, touched } = draft;
  touched.sort((one, other) => one - other);
  let last = -1;
  for (const number of touched) {
    if (number === last) continue;
    last = number;
    const spec = at(policy.targets, number);
    // A touched destination was copied for this event.
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

/** Whether to write: the state (or the write on its way) differs, and a write is owed or enforced. */
function callsFor(spec: Target, target: TargetState, to: 'up' | 'down'): boolean {
  const is = target.pending ?? target.is;
  if (is === to || is === 'missing') return false;
  if (to === 'down') return target.owed === to || spec.hard;
  // It may be up already: up is not written on a guess. Down is.
  if (is === 'unknown' || (spec.owned && !target.owned && target.pending === null)) return false;
  return target.owed === to || spec.always;
}

/** The groups that want a destination in this state. */
export function holders(state: State, { groups }: Target, to: 'up' | 'down'): number[] {
  return groups.filter((gate) => outcome(groupOf(state, gate).phase) === outcome(to));
}

/** Why a write is made: of the groups that want it, a settled one before a waiting one, then the latest to change. */
function reasonFor(
  { policy, state, transitions }: Draft,
  spec: Target,
  to: 'up' | 'down',
  cause: Cause,
): Reason {
  const latest = holders(state, spec, to).sort(
    (one, other) => groupOf(state, other).since - groupOf(state, one).since,
  );
  const number = latest.find((one) => groupOf(state, one).phase === to) ?? at(latest, 0);
  const group = at(policy.groups, number);
  const { from, phase } = groupOf(state, number);
  const [first] = transitions;
  const blame = first?.group === group ? first.blame : blameOf(policy, state, number);
  return { cause, group, from, to: phase, blame };
}

/** Cancels the owed write, and forgets failures. */
function forget(target: Fresh<TargetState>): void {
  target.owed = null;
  target.error = null;
  target.tries = 0;
}

/** A copy of a destination that may be changed until the end of the event. It is decided on then. */
export function edit({ state, touched }: Draft, number: number): Fresh<TargetState> {
  const target = copyTarget(get(state.targets, number), state.now);
  state.targets = put(state.targets, number, target);
  touched.push(number);
  return target;
}

/** The wait after a number of attempts in a row, in ms. */
function wait(attempts: number, [first, longest]: Backoff): number {
  return Math.min(first * 2 ** (attempts - 1), longest);
}
