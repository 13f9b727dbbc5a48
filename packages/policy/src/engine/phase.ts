import type { Health, Phase } from '../events.ts';
import type { GroupSpec } from '../policy.ts';
import { type GroupState, NEVER } from '../state.ts';
import { penalize } from './dampening.ts';

/** When the phase ends by itself if the requirement stays what it is; {@link NEVER} if time alone ends nothing. */
export function deadline(spec: GroupSpec, group: GroupState, requirement: Health): number {
  switch (group.phase) {
    case 'starting':
      return requirement === 'failed' ? group.grace : NEVER;
    case 'going-down':
      return group.since + spec.downDelayMs;
    case 'coming-up':
      return Math.max(group.since + spec.upDelayMs, group.suppressedUntil);
    case 'paused':
      return group.until ?? NEVER;
    default:
      return NEVER;
  }
}

/**
 * The group after its requirement has been evaluated: at most one change of phase, or the same object.
 *
 * Unknown never starts anything. It does not stop a group from going down either (only an active requirement does),
 * but it interrupts coming up, which asks for being active without interruption: both err on the safe side.
 */
export function advance(spec: GroupSpec, group: GroupState, requirement: Health, now: number): GroupState {
  const due = now >= deadline(spec, group, requirement);
  switch (group.phase) {
    case 'starting':
      return requirement === 'active' || due ? settle(group, requirement, now) : group;
    case 'up':
      if (requirement !== 'failed') return group;
      return spec.downDelayMs > 0 ? enter(group, 'going-down', now) : lose(spec, group, now);
    case 'going-down':
      if (requirement === 'active') return enter({ ...group, hidden: group.hidden + 1 }, 'up', now);
      return due ? lose(spec, group, now) : group;
    case 'down': {
      if (requirement !== 'active') return group;
      const waits = Math.max(now + spec.upDelayMs, group.suppressedUntil) > now;
      return enter(group, waits ? 'coming-up' : 'up', now);
    }
    case 'coming-up': {
      if (requirement === 'active') return due ? enter(group, 'up', now) : group;
      const next = requirement === 'failed' ? penalize(spec.dampening, group, now) : group;
      return enter({ ...next, hidden: next.hidden + 1 }, 'down', now);
    }
    case 'paused':
      return due ? settle(group, requirement, now) : group;
  }
}

/** An operator takes the group out, until a moment or until `resume`. */
export function pause(group: GroupState, until: number | null, now: number): GroupState {
  return group.phase === 'paused' ? { ...group, until } : { ...enter(group, 'paused', now), until };
}

/** Leaves a phase without opinion: straight to what the requirement says, though never around a suppression. */
function settle(group: GroupState, requirement: Health, now: number): GroupState {
  const next = { ...group, until: null };
  if (requirement === 'failed') return enter(next, 'down', now);
  if (requirement === 'unknown') return enter({ ...next, grace: now }, 'starting', now);
  return enter(next, group.suppressedUntil > now ? 'coming-up' : 'up', now);
}

/** From up (or going down) to down: what dampening counts. */
function lose(spec: GroupSpec, group: GroupState, now: number): GroupState {
  return enter(penalize(spec.dampening, group, now), 'down', now);
}

function enter(group: GroupState, phase: Phase, now: number): GroupState {
  return { ...group, phase, from: group.phase, since: now };
}
