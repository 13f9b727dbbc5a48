import type { Blame } from '../events.ts';
import type { Compiled } from '../policy.ts';
import { at, get } from '../vec.ts';
import { given, healthOf, type Readings, select, sinceOf } from './select.ts';

/**
 * A minimal set that makes the requirement of a group what it is: given these readings no other reading could change
 * it, and none of them can be left out. Of several such sets the one that was complete first: the first cause stays
 * to blame while more fails. While the requirement is unknown: everything unknown that it waits for.
 */
export function blameOf(policy: Compiled, state: Readings, gate: number): readonly Blame[] {
  let leaves = select(policy, state, gate, 'hold');
  const { value } = get(state.gates, policy.shifts.gates, gate);
  if (policy.tangled && value !== 'unknown' && leaves.length > 1) {
    // Where one leaf stands in several places, what was taken for one may have made another superfluous.
    const kept = new Set(leaves);
    for (const leaf of [...leaves].reverse()) {
      kept.delete(leaf);
      if (given(policy, state, gate, kept) !== value) kept.add(leaf);
    }
    leaves = leaves.filter((leaf) => kept.has(leaf));
  }
  return leaves.map((item): Blame => {
    const health = healthOf(policy, state, item);
    const since = sinceOf(policy, state, item);
    if (item < policy.sources.length) {
      const { reason } = get(state.sources, policy.shifts.sources, item);
      return { kind: 'source', id: at(policy.sources, item), health, reason, since };
    }
    const number = item - policy.sources.length;
    const phase = get(state.gates, policy.shifts.gates, number).group?.phase ?? '';
    return { kind: 'group', id: nameOf(policy, item), health, reason: phase, since };
  });
}

/** The id of a leaf. */
export function nameOf(policy: Compiled, item: number): string {
  return policy.sources[item] ?? policy.gates[item - policy.sources.length]?.group?.name ?? '';
}
