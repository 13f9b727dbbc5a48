import type { View } from '../engine/draft.ts';
import { inverted, outcome } from '../engine/verdict.ts';
import type { Blame, Health } from '../events.ts';
import type { Compiled, Gate } from '../policy.ts';
import type { GateState, GroupState } from '../state.ts';
import { at, get } from '../vec.ts';
import { type Question, select, valueGiven } from './select.ts';

/**
 * A minimal set that makes the requirement of a group what it is: given these readings no other reading could change
 * it, and none of them can be left out. Of several such sets the one that was complete first: the first cause stays
 * to blame while more fails. While the requirement is unknown: everything unknown that it waits for.
 */
export function blameOf(policy: Compiled, view: View, gate: number): readonly Blame[] {
  const { leaves, shared } = select(policy, view, gate, {
    counts: (health, rule, state) => health === inverted(rule, state.value),
    enough,
    rank: (set) => Math.max(...set.map((leaf) => blameFor(policy, view, leaf).since)),
  } satisfies Question);
  const value = get(view.gates, policy.shifts.gates, gate).value;
  const minimal = shared && value !== 'unknown' ? prune(policy, view, gate, leaves, value) : leaves;
  return minimal.map((leaf) => blameFor(policy, view, leaf));
}

/** The weight of members that agree with a gate after which the others no longer matter. */
function enough(rule: Gate, state: GateState): number {
  const value = inverted(rule, state.value);
  if (value === 'unknown') return Number.POSITIVE_INFINITY;
  const line = state.held ? rule.below : rule.at;
  return value === 'active' ? line : rule.total - line + 1;
}

/** Leaves out, latest first, whatever the rest can do without: needed where a leaf stands in several places. */
function prune(
  policy: Compiled,
  view: View,
  gate: number,
  leaves: readonly number[],
  value: Health,
): readonly number[] {
  const kept = new Set(leaves);
  for (const leaf of [...leaves].reverse()) {
    kept.delete(leaf);
    if (valueGiven(policy, view, gate, kept) !== value) kept.add(leaf);
  }
  return leaves.filter((leaf) => kept.has(leaf));
}

function blameFor(policy: Compiled, view: View, item: number): Blame {
  if (item < policy.sources.length) {
    const { health, reason, since } = get(view.sources, policy.shifts.sources, item);
    return { kind: 'source', id: at(policy.sources, item), health, reason, since };
  }
  const number = item - policy.sources.length;
  const { phase, since } = get(view.gates, policy.shifts.gates, number).group as GroupState;
  const id = at(policy.gates, number).group?.name ?? '';
  return { kind: 'group', id, health: outcome(phase), reason: phase, since };
}
