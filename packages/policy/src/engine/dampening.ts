import type { GroupSpec } from '../policy.ts';
import type { GroupState } from '../state.ts';

/** The penalty as it is now: halved for every half-life that has passed. */
export function penaltyNow(knobs: GroupSpec['dampening'], group: GroupState, now: number): number {
  return knobs === null ? 0 : group.penalty * 2 ** ((group.penaltyAt - now) / knobs.halfLifeMs);
}

/**
 * Adds one loss. At `suppress` or above, or when already suppressed, the group is held down until the penalty will have
 * decayed to `reuse`, and no longer than `maxSuppressMs`; the penalty is capped accordingly, so that a long storm is
 * not remembered for longer than that.
 */
export function penalize(knobs: GroupSpec['dampening'], group: GroupState, now: number): GroupState {
  if (knobs === null) return group;
  const { halfLifeMs, suppress, reuse, maxSuppressMs } = knobs;
  const cap = Math.max(suppress, reuse * 2 ** (maxSuppressMs / halfLifeMs));
  const penalty = Math.min(penaltyNow(knobs, group, now) + knobs.penalty, cap);
  const held = penalty >= suppress || group.suppressedUntil > now;
  const decay = Math.ceil(halfLifeMs * Math.log2(penalty / reuse));
  return {
    ...group,
    penalty,
    penaltyAt: now,
    suppressedUntil: held ? now + Math.max(0, Math.min(decay, maxSuppressMs)) : group.suppressedUntil,
  };
}
