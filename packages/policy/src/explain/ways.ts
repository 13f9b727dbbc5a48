import { healthOf, type Question, type Readings } from '../engine/select.ts';
import { inverted, isHeld } from '../engine/verdict.ts';
import type { Compiled, Gate } from '../policy.ts';
import { at, get } from '../vec.ts';

/** The most sets that are listed. For more, an example is more useful than a list. */
export const MOST_WAYS = 16;

/** The depth of expressions that is searched, and the number of members that are combined. */
const DEEPEST = 8;
const MOST_MEMBERS = 8;

/** A set of leaves, ascending. */
type Leaves = readonly number[];

/**
 * All sets of leaves that answer a question about a gate, none of which contains another; null where there are more than
 * {@link MOST_WAYS}, or the expression is too large to search.
 */
export function waysOf(
  policy: Compiled,
  state: Readings,
  root: number,
  question: Question,
): readonly Leaves[] | null {
  function ofGate(gate: number, depth: number): readonly Leaves[] | null {
    if (depth > DEEPEST) return null;
    const rule = at(policy.gates, gate);
    const raw = inverted(rule, get(state.gates, gate).value);
    const speakers = rule.members.filter(({ to }) => question.speaks(healthOf(state, to), raw));
    const enough = question.enough(rule, get(state.gates, gate), raw);
    const sets = raw === 'unknown' ? [speakers] : enoughOf(speakers, enough);
    if (sets === null) return null;
    let found: readonly Leaves[] | null = [];
    for (const set of sets) {
      let combined: readonly Leaves[] | null = [[]];
      for (const { to } of set) combined = combined && product(combined, ofItem(to, depth));
      found = found && combined && smallest([...found, ...combined]);
    }
    return found;
  }

  function ofItem(item: number, depth: number): readonly Leaves[] | null {
    const gate = item < 0 ? get(state.gates, ~item) : null;
    const isLeaf = gate === null || gate.value !== healthOf(state, item) || isHeld(gate.group?.phase);
    return isLeaf ? [[item]] : ofGate(~item, depth + 1);
  }

  return ofGate(root, 0);
}

/**
 * For a gate whose counting members are sources of the same weight: these members, and how many of them are enough. Null for
 * all other gates.
 */
export function choiceOf(
  policy: Compiled,
  state: Readings,
  root: number,
  question: Question,
): { readonly count: number; readonly items: Leaves } | null {
  const rule = at(policy.gates, root);
  const gate = get(state.gates, root);
  const raw = inverted(rule, gate.value);
  const speakers = rule.members.filter(({ to }) => question.speaks(healthOf(state, to), raw));
  const weight = speakers[0]?.weight ?? 1;
  if (!speakers.every((one) => one.to >= 0 && one.weight === weight)) return null;
  return { count: Math.ceil(question.enough(rule, gate, raw) / weight), items: speakers.map(({ to }) => to) };
}

/** The minimal sets of members that weigh enough; null if there are too many members. */
function enoughOf(members: Gate['members'], enough: number): readonly Gate['members'][] | null {
  if (members.length > MOST_MEMBERS) {
    const least = Math.min(...members.map(({ weight }) => weight));
    const total = members.reduce((sum, { weight }) => sum + weight, 0);
    if (total - least < enough) return [members];
    return null;
  }
  const sets: Gate['members'][] = [];
  for (let bits = 1; bits < 2 ** members.length; bits += 1) {
    const set = members.filter((_, place) => (bits >> place) & 1);
    const weight = set.reduce((sum, one) => sum + one.weight, 0);
    if (weight >= enough && set.every((one) => weight - one.weight < enough)) sets.push(set);
  }
  return sets;
}

function product(some: readonly Leaves[], others: readonly Leaves[] | null): readonly Leaves[] | null {
  return (
    others &&
    smallest(
      some.flatMap((one) =>
        others.map((other) => [...new Set([...one, ...other])].sort((left, right) => left - right)),
      ),
    )
  );
}

/** The sets that contain no other one; null if there are too many. */
function smallest(sets: readonly Leaves[]): readonly Leaves[] | null {
  const kept: Leaves[] = [];
  for (const set of [...sets].sort((one, other) => one.length - other.length)) {
    if (!kept.some((less) => less.every((leaf) => set.includes(leaf)))) kept.push(set);
  }
  return kept.length > MOST_WAYS ? null : kept;
}
