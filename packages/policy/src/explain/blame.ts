import { lineOf } from '../engine/verdict.ts';
import type { Blame } from '../events.ts';
import type { Compiled } from '../policy.ts';
import { at, get } from '../vec.ts';
import { given, healthOf, type Question, type Readings, select, sinceOf } from './select.ts';

/** What makes a gate what it is? The first cause is heard first. */
const HOLD: Question = {
  speaks: (health, raw) => health === raw,
  rank(state, leaves) {
    let latest = 0;
    for (const leaf of leaves) latest = Math.max(latest, sinceOf(state, leaf));
    return latest;
  },
  enough(rule, { held }, raw) {
    const line = lineOf(rule, held);
    return raw === 'active' ? line : rule.total - line + 1;
  },
};

/**
 * A minimal set that makes the requirement of a group what it is: given these readings no other reading could change
 * it, and none of them can be left out. Of several such sets the one that was complete first: the first cause stays
 * to blame while more fails. While the requirement is unknown: everything unknown that it waits for. In the order in
 * which the requirement mentions them.
 */
export function blameOf(policy: Compiled, state: Readings, gate: number): readonly Blame[] {
  let leaves = select(policy, state, gate, HOLD);
  const { value } = get(state.gates, gate);
  if (policy.tangled && value !== 'unknown' && leaves.length > 1) {
    // Where one leaf stands in several places, what was taken for one may have made another superfluous.
    const kept = new Set(leaves);
    for (const leaf of [...leaves].sort((one, other) => sinceOf(state, other) - sinceOf(state, one))) {
      kept.delete(leaf);
      if (given(policy, state, gate, kept) !== value) kept.add(leaf);
    }
    leaves = leaves.filter((leaf) => kept.has(leaf));
  }
  return leaves.map((item): Blame => {
    const health = healthOf(state, item);
    const since = sinceOf(state, item);
    if (item >= 0) {
      const { reason } = get(state.sources, item);
      return { kind: 'source', id: at(policy.sources, item), health, reason, since };
    }
    const phase = get(state.gates, ~item).group?.phase ?? '';
    return { kind: 'group', id: nameOf(policy, item), health, reason: phase, since };
  });
}

/** The id of a leaf. */
export function nameOf(policy: Compiled, item: number): string {
  return policy.sources[item] ?? policy.groups[~item] ?? '';
}
