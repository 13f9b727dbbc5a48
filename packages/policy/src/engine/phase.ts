import type { Health } from '../events.ts';
import type { GroupSpec } from '../policy.ts';
import { type GroupState, NEVER, type State } from '../state.ts';
import type { Fresh } from './copy.ts';
import { isHeld, outcome } from './verdict.ts';

/** When the phase ends if the requirement does not change; {@link NEVER} if time alone does not end it. */
export function deadline(spec: GroupSpec, group: GroupState, requirement: Health): number {
  const { phase, since, until, suppressedUntil } = group;
  if (phase === 'going-down') return since + spec.downDelayMs;
  if (phase === 'coming-up' && requirement !== 'unknown')
    return Math.max(since + spec.upDelayMs, suppressedUntil);
  return isHeld(phase) || (phase === 'starting' && requirement === 'failed') ? (until ?? NEVER) : NEVER;
}

/**
 * Advances a group by one phase at most, after its requirement has been evaluated.
 *
 * An unknown requirement starts nothing. It does not stop a group that is going down (only an active one does), and it
 * interrupts a group that is coming up, because that requires activity without interruption. Both are the safe side.
 */
export function advance(
  spec: GroupSpec,
  group: Fresh<GroupState>,
  requirement: Health,
  { now, ready }: Pick<State, 'now' | 'ready'>,
): void {
  const { phase } = group;
  // The start hold of a group that has made no decision yet. One that was paused has another `from`: only dampening suppresses it.
  const held = ready && phase === 'starting' && group.from === phase && group.suppressedUntil > now;
  const due = now >= deadline(spec, group, requirement);
  // A latched group is down, whatever is active.
  const active = requirement === 'active' && !group.latched;
  let next = phase;
  switch (outcome(phase)) {
    case 'unknown':
      // Straight to the outcome of the requirement, but a suppression still counts.
      if (due || held || (requirement === 'active' && phase === 'starting')) {
        next = active ? (group.suppressedUntil > now ? 'coming-up' : 'up') : 'down';
        if (requirement === 'unknown' && !held) next = 'starting';
        group.until = now;
      }
      break;
    case 'active':
      if (active) {
        next = 'up';
      } else if (phase === 'going-down' ? due : requirement === 'failed') {
        // A group that was down, and came up at this very moment, was never up: no delay keeps it so.
        const wasUp = group.since < now || outcome(group.from) !== 'failed';
        next = phase === 'up' && spec.downDelayMs && wasUp ? 'going-down' : 'down';
      }
      break;
    case 'failed':
      if (phase === 'drained' && !due) break;
      if (!active) next = 'down';
      else if (phase === 'coming-up') next = due ? 'up' : phase;
      else next = Math.max(now + spec.upDelayMs, group.suppressedUntil) > now ? 'coming-up' : 'up';
  }
  // A drain is no failure, and what fails meanwhile is maintenance.
  const lost = next === 'down' && (requirement === 'failed' || outcome(phase) === 'active');
  group.latched ||= lost && spec.manual;
  if (next === phase) return;
  // A delay has hidden a change if the group returns to the phase before the delay.
  if ((phase === 'going-down' && next === 'up') || (phase === 'coming-up' && next === 'down'))
    group.hidden += 1;
  if (lost && (outcome(phase) === 'active' || phase === 'coming-up')) penalize(spec, group, now);
  enter(group, next, now);
}

/** Enters a phase. */
export function enter(group: Fresh<GroupState>, phase: GroupState['phase'], now: number): void {
  group.from = group.phase;
  group.phase = phase;
  group.since = now;
}

/** The penalty as it is now: halved for every half-life that has passed. */
export function penaltyNow({ dampening }: GroupSpec, group: GroupState, now: number): number {
  return dampening === null ? 0 : group.penalty * 2 ** ((group.penaltyAt - now) / dampening.halfLifeMs);
}

/**
 * Adds the penalty of one loss. From `suppress` on, and while already suppressed, the group is held down until the penalty has
 * decayed to `reuse`, for `maxSuppressMs` at most. The penalty has a cap, so that a long storm does not count for
 * longer than that.
 */
function penalize(spec: GroupSpec, group: Fresh<GroupState>, now: number): void {
  if (spec.dampening === null) return;
  const { halfLifeMs, suppress, reuse, maxSuppressMs, penalty } = spec.dampening;
  const cap = Math.max(suppress, reuse * 2 ** (maxSuppressMs / halfLifeMs));
  group.penalty = Math.min(penaltyNow(spec, group, now) + penalty, cap);
  group.penaltyAt = now;
  if (group.penalty >= suppress || group.suppressedUntil > now) {
    const decay = Math.ceil(halfLifeMs * Math.log2(group.penalty / reuse));
    group.suppressedUntil = Math.max(group.suppressedUntil, now + Math.min(decay, maxSuppressMs));
  }
}
