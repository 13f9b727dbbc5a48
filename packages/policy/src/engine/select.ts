import type { Health } from '../events.ts';
import type { Compiled, Gate, Link } from '../policy.ts';
import type { GateState, GroupState, State } from '../state.ts';
import { at, get } from '../vec.ts';
import { inverted, outcome } from './verdict.ts';

/** The part of a state that explains a gate. */
export type Readings = Pick<State, 'sources' | 'gates'>;

/** The health of an item: of a group, its outcome. */
export function healthOf(state: Readings, item: number): Health {
  if (item >= 0) return get(state.sources, item).health;
  const { group, value } = get(state.gates, ~item);
  return group === null ? value : outcome(group.phase);
}

/** The state of the group at a gate that is known to be one. */
export function groupOf({ gates }: Readings, gate: number): GroupState {
  return get(gates, gate).group as GroupState;
}

/** A question about a gate that is active or failed. `raw` is its health before inversion. */
export interface Question {
  /** Whether a member with this health counts. */
  speaks(health: Health, raw: Health): boolean;
  /** How much weight is enough. */
  enough(rule: Gate, gate: GateState, raw: Health): number;
  /** The greatest is left out first. `company`: about how many other leaves are needed with this one. */
  rank(state: Readings, leaf: number, company: number): number;
}

/**
 * A minimal set of leaves (sources, and groups held by a delay) that answers a question about a gate, in the order of
 * the requirement. It starts with all leaves that count and leaves out one after the other, unless that changes the answer.
 * For an unknown gate it is every unknown leaf behind it. No recursion: the depth of an expression has no limit.
 */
export function select(
  policy: Compiled,
  state: Readings,
  root: number,
  question: Question,
): readonly number[] {
  /** By gate behind the answer: the weight that counts beyond what is enough. */
  const spare = new Map<number, number>();
  /** By item: the gates behind the answer in which it counts. It may be a member of many more. */
  const links = new Map<number, Link[]>();
  const ranks = new Map<number, number>();
  let loose = false;
  const todo = [{ item: ~root, company: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { item, company } = next;
    const gate = ~item;
    // A source, or a group whose outcome does not follow its requirement: because of a delay or an operator.
    const phase = item < 0 && get(state.gates, gate).group?.phase;
    if (
      item >= 0 ||
      phase === 'drained' ||
      (gate !== root && (phase === 'paused' || get(state.gates, gate).value !== healthOf(state, item)))
    ) {
      ranks.set(item, question.rank(state, item, company));
    } else if (!spare.has(gate)) {
      const rule = at(policy.gates, gate);
      const is = get(state.gates, gate);
      const raw = inverted(rule, is.value);
      const speakers = rule.members.filter(({ to }) => question.speaks(healthOf(state, to), raw));
      const sum = speakers.reduce((total, { weight }) => total + weight, 0);
      const enough = raw === 'unknown' ? sum : question.enough(rule, is, raw);
      spare.set(gate, sum - enough);
      loose ||= sum > enough;
      for (const { to, weight } of speakers.reverse()) {
        const above = links.get(to) ?? [];
        links.set(to, above);
        above.push({ to: gate, weight });
        todo.push({ item: to, company: company + (speakers.length * enough) / sum - 1 });
      }
    }
  }

  /** Leaves a leaf out or puts it back. A gate that thereby has too little, or enough again, does the same above. */
  const turn = (leaf: number, by: 1 | -1): void => {
    const turned = [leaf];
    for (const item of turned) {
      for (const { to, weight } of links.get(item) ?? []) {
        const was = spare.get(to) as number;
        const is = was + by * weight;
        spare.set(to, is);
        if (was < 0 !== is < 0) turned.push(~to);
      }
    }
  };
  if (loose) {
    for (const [leaf] of [...ranks].sort(([, one], [, other]) => one - other).reverse()) {
      turn(leaf, -1);
      if ((spare.get(root) as number) < 0) turn(leaf, 1);
      else ranks.delete(leaf);
    }
  }
  return [...ranks.keys()];
}
