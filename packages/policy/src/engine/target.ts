import type { Cause, DestinationReading, Effect, Health, Transition } from '../events.ts';
import { blameOf } from '../explain/blame.ts';
import { FIGHT_MS, RETRY_MS } from '../knobs.ts';
import type { GroupSpec, Target } from '../policy.ts';
import { type GroupState, NEVER, type TargetState } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { type Draft, setDue, type View } from './draft.ts';
import { outcome } from './verdict.ts';

/** What the groups want together: down if any does, else up if any does. */
export function wantOf(target: TargetState): 'up' | 'down' | 'none' {
  return target.down > 0 ? 'down' : target.up > 0 ? 'up' : 'none';
}

/** A write owed from now on, whatever came before. */
export function owe(
  target: TargetState,
  to: 'up' | 'down',
  cause: Cause,
  by: string,
  now: number,
): TargetState {
  return { ...target, owed: to, cause, by, again: false, error: null, tries: 0, hold: now };
}

/** A group has changed its mind: its destinations count it elsewhere, and those whose want it now is are owed it. */
export function changeOpinion(draft: Draft, spec: GroupSpec, before: Health, after: Health): void {
  for (const number of spec.destinations) {
    let target = get(draft.targets, draft.policy.shifts.targets, number);
    target = count(count(target, spec, before, -1), spec, after, 1);
    const mine = after === 'active' ? 'up' : after === 'failed' ? 'down' : 'none';
    const want = wantOf(target);
    if (want !== 'none' && want === mine) target = owe(target, want, 'transition', spec.name, draft.now);
    setTarget(draft, number, target);
  }
}

/** Adds one opinion to a destination, or takes one away. */
export function count(target: TargetState, spec: GroupSpec, opinion: Health, by: 1 | -1): TargetState {
  if (opinion === 'failed') {
    return { ...target, down: target.down + by, hard: target.hard + (spec.hard ? by : 0) };
  }
  if (opinion === 'active') {
    return { ...target, up: target.up + by, always: target.always + (spec.always ? by : 0) };
  }
  return target;
}

/** Takes in what the system shows. */
export function readTarget(
  draft: Draft,
  number: number,
  { is, owned }: Omit<DestinationReading, 'id'>,
): void {
  const { now } = draft;
  const was = get(draft.targets, draft.policy.shifts.targets, number);
  const want = wantOf(was);
  const foreign = was.pending === null && was.is === want && is !== want && is !== 'missing';
  const contrary = foreign || (was.pending !== null && was.pending !== is);
  let next: TargetState = {
    ...was,
    is,
    since: was.is === is ? was.since : now,
    pending: null,
    owned:
      is === 'down' && (owned ?? (was.is === 'down' ? was.owned : was.is === 'up' && was.pending === 'down')),
  };
  if (is === 'missing') {
    next = { ...next, owed: null, error: null, tries: 0, again: false };
  } else if (was.is === 'missing') {
    next = { ...next, owed: null };
    if (want === 'down') next = owe(next, 'down', 'arrival', was.by, now);
  } else if (is === want) {
    next = { ...next, owed: null, error: null, tries: 0, again: false };
  } else if (contrary) {
    const fights = now - was.foughtAt < FIGHT_MS.quiet ? was.fights : 0;
    const hold = fights > 0 ? was.foughtAt + backoff(fights, FIGHT_MS) : now;
    next = { ...next, fights, hold, again: true, foreign: was.foreign + (foreign ? 1 : 0) };
    draft.foreign += foreign ? 1 : 0;
  }
  setTarget(draft, number, next);
}

/** An effect could not be applied; one that has been overtaken by another is of no interest. */
export function failTarget(draft: Draft, number: number, effect: Effect, code: string): void {
  const was = get(draft.targets, draft.policy.shifts.targets, number);
  if (was.pending !== effect.to) return;
  const tries = was.tries + 1;
  draft.failures += 1;
  setTarget(draft, number, {
    ...was,
    pending: null,
    error: code,
    tries,
    hold: draft.now + backoff(tries, RETRY_MS),
  });
}

/** Decides on every destination touched, in the order of the policy: an effect, a deadline, or nothing. */
export function settleTargets(draft: Draft): void {
  const { policy, touched, now } = draft;
  if (touched.length > 1) touched.sort((one, other) => one - other);
  let last = -1;
  for (const number of touched) {
    if (number === last) continue;
    last = number;
    const spec = at(policy.targets, number);
    const target = get(draft.targets, policy.shifts.targets, number);
    const to = wantOf(target);
    const write = to !== 'none' && isDue(spec, target, to);
    setDue(draft, policy.groups.length + number, write && now < target.hold ? target.hold : NEVER);
    if (!write || now < target.hold) continue;
    const { again, fights } = target;
    const next = again ? { fights: fights + 1, foughtAt: now } : {};
    draft.targets = put(draft.targets, policy.shifts.targets, number, { ...target, ...next, pending: to });
    const cause = target.error !== null ? 'retry' : again || target.owed !== to ? 'enforce' : target.cause;
    const because = { ...reasonFor(draft, spec, target, to), cause };
    draft.effects.push({ type: 'set', destination: spec.id, to, because });
  }
}

/** Whether a write is called for: what is (or is under way) differs, and somebody is owed it or insists on it. */
function isDue(spec: Target, target: TargetState, to: 'up' | 'down'): boolean {
  const is = target.pending ?? target.is;
  if (is === to || is === 'missing') return false;
  if (to === 'down') return target.owed === to || target.hard > 0;
  // Never read: it may well be up. Nothing is raised on a guess, but down is asserted.
  if (is === 'unknown') return false;
  const ours = !spec.owned || target.owned || target.pending === 'down';
  return ours && (target.owed === to || target.always > 0);
}

/** The transition behind a write: that of this very event, else the latest of a group that wants it. */
function reasonFor(draft: Draft, spec: Target, target: TargetState, to: 'up' | 'down'): Transition {
  const { policy, transitions } = draft;
  const fresh = transitions.find(({ group }) => group === target.by);
  if (fresh !== undefined && target.owed === to) return fresh;
  const number = groupFor(draft, spec, target.by, to);
  const group = get(draft.gates, policy.shifts.gates, number).group as GroupState;
  const name = (at(policy.gates, number).group as GroupSpec).name;
  return { group: name, from: group.from, to: group.phase, blame: blameOf(policy, draft, number) };

  function groupFor(view: View, { groups }: Target, by: string, want: 'up' | 'down'): number {
    const opinion = want === 'up' ? 'active' : 'failed';
    const agreeing = groups.filter((gate) => {
      const state = get(view.gates, policy.shifts.gates, gate).group;
      return state !== null && outcome(state.phase) === opinion;
    });
    const named = agreeing.find((gate) => at(policy.gates, gate).group?.name === by);
    return named ?? at(agreeing, 0);
  }
}

function setTarget(draft: Draft, number: number, target: TargetState): void {
  draft.targets = put(draft.targets, draft.policy.shifts.targets, number, target);
  draft.touched.push(number);
}

/** The wait after so many attempts in a row. */
function backoff(attempts: number, { first, longest }: { first: number; longest: number }): number {
  return Math.min(first * 2 ** (attempts - 1), longest);
}
