import type { View } from '../engine/draft.ts';
import { inverted, outcome, verdict } from '../engine/verdict.ts';
import type { Health } from '../events.ts';
import type { Compiled, Gate } from '../policy.ts';
import type { GateState } from '../state.ts';
import { at, get } from '../vec.ts';

/** What an item says: a source its health, a gate its value, a group its outcome. */
export function healthOf(policy: Compiled, view: View, item: number): Health {
  const sources = policy.sources.length;
  if (item < sources) return get(view.sources, policy.shifts.sources, item).health;
  const state = get(view.gates, policy.shifts.gates, item - sources);
  return state.group === null ? state.value : outcome(state.group.phase);
}

/** The gate behind an item whose members say why it is as it is; undefined for sources and groups held by a delay. */
export function gateBehind(policy: Compiled, view: View, item: number): number | undefined {
  const number = item - policy.sources.length;
  if (number < 0) return undefined;
  const state = get(view.gates, policy.shifts.gates, number);
  return state.group === null || outcome(state.group.phase) === state.value ? number : undefined;
}

/** One member of a gate with the leaves behind it. */
interface Candidate {
  readonly weight: number;
  readonly leaves: readonly number[];
  /** Less is taken first. */
  readonly rank: number;
}

/** One question about a gate: which members count, how much weight is enough, and who is taken first. */
export interface Question {
  readonly counts: (health: Health, gate: Gate, state: GateState) => boolean;
  readonly enough: (gate: Gate, state: GateState) => number;
  readonly rank: (leaves: readonly number[]) => number;
}

/**
 * A minimal set of leaves (sources, and groups held by a delay) that answers a question about a gate. Members are
 * taken by rank until their weight is enough, then those that turn out to be superfluous are dropped.
 *
 * @returns leaves in the order in which they were taken, and whether a leaf was met in more than one place
 */
export function select(
  policy: Compiled,
  view: View,
  gate: number,
  question: Question,
): { readonly leaves: readonly number[]; readonly shared: boolean } {
  const answers = new Map<number, readonly number[]>();
  const met = new Set<number>();
  let shared = false;
  const leavesOf = (item: number): readonly number[] => {
    const behind = gateBehind(policy, view, item);
    shared ||= met.has(item);
    met.add(item);
    return behind === undefined ? [item] : answer(behind);
  };
  const answer = (number: number): readonly number[] => {
    const known = answers.get(number);
    if (known !== undefined) return known;
    const leaves = choose(number);
    answers.set(number, leaves);
    return leaves;
  };
  const choose = (number: number): readonly number[] => {
    const rule = at(policy.gates, number);
    const state = get(view.gates, policy.shifts.gates, number);
    const candidates = rule.members
      .filter(({ to }) => question.counts(healthOf(policy, view, to), rule, state))
      .map(({ to, weight }): Candidate => {
        const leaves = leavesOf(to);
        return { weight, leaves, rank: question.rank(leaves) };
      });
    return take(candidates, question.enough(rule, state));
  };
  return { leaves: answer(gate), shared };
}

/** Takes candidates by rank until there is enough, then gives back what is not needed. */
function take(candidates: Candidate[], enough: number): readonly number[] {
  if (candidates.length > 1) candidates.sort((one, other) => one.rank - other.rank);
  let taken: Candidate[] = [];
  let sum = 0;
  for (const candidate of candidates) {
    if (sum >= enough) break;
    taken.push(candidate);
    sum += candidate.weight;
  }
  taken = taken.filter(({ weight }) => {
    const superfluous = sum - weight >= enough;
    if (superfluous) sum -= weight;
    return !superfluous;
  });
  return [...new Set(taken.flatMap(({ leaves }) => leaves))];
}

/**
 * What a gate would say if only these leaves were known and all others unknown: whether they are reason enough.
 */
export function valueGiven(policy: Compiled, view: View, gate: number, known: ReadonlySet<number>): Health {
  const values = new Map<number, Health>();
  const judge = (item: number): Health => {
    const behind = gateBehind(policy, view, item);
    if (behind === undefined) return known.has(item) ? healthOf(policy, view, item) : 'unknown';
    let value = values.get(behind);
    if (value === undefined) {
      value = evaluate(behind);
      values.set(behind, value);
    }
    return value;
  };
  const evaluate = (number: number): Health => {
    const rule = at(policy.gates, number);
    let active = 0;
    let unknown = 0;
    for (const { to, weight } of rule.members) {
      const value = judge(to);
      if (value === 'active') active += weight;
      if (value === 'unknown') unknown += weight;
    }
    return inverted(rule, verdict(rule, active, unknown, get(view.gates, policy.shifts.gates, number).held));
  };
  return evaluate(gate);
}
