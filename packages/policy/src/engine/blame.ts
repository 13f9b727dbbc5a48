import type { Blame } from '../events.ts';
import type { Compiled } from '../policy.ts';
import type { SourceState } from '../state.ts';
import { get } from '../vec.ts';
import { groupOf, healthOf, type Question, type Readings, select } from './select.ts';
import { lineOf } from './verdict.ts';

/** Which members make a gate what it is? The latest to change is left out first. */
const HOLD: Question = {
  speaks: (health, raw) => health === raw,
  enough(rule, { held }, raw) {
    const line = lineOf(rule, held);
    return raw === 'active' ? line : rule.total - line + 1;
  },
  rank: (state, leaf) => leafOf(state, leaf).since,
};

/**
 * A minimal set of readings that makes the requirement of a group what it is: while they hold, no other reading can change it,
 * and none can be left out. Of several such sets it is the one that was complete first: the first cause stays to blame
 * while more fails. For an unknown requirement: every unknown member that it waits for. In the order of the requirement.
 */
export function blameOf(policy: Compiled, state: Readings, gate: number): readonly Blame[] {
  return select(policy, state, gate, HOLD).map((item): Blame => {
    const { reason, since } = leafOf(state, item);
    return {
      kind: item < 0 ? 'group' : 'source',
      id: nameOf(policy, item),
      health: healthOf(state, item),
      reason,
      since,
    };
  });
}

/** Why a leaf has its health, and since when. A leaf that is no source is a group. */
function leafOf(state: Readings, leaf: number): Pick<SourceState, 'reason' | 'since'> {
  if (leaf >= 0) return get(state.sources, leaf);
  const { phase, since } = groupOf(state, ~leaf);
  return { reason: phase, since };
}

/** The id of a leaf. */
export function nameOf(policy: Compiled, item: number): string {
  return policy.sources[item] ?? policy.groups[~item] ?? '';
}
