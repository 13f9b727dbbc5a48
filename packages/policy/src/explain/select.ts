import { inverted, outcome } from '../engine/verdict.ts';
import type { Health } from '../events.ts';
import type { Compiled, Gate, Link } from '../policy.ts';
import type { GateState, State } from '../state.ts';
import { at, get } from '../vec.ts';

/** What has to be read to explain a gate. */
export type Readings = Pick<State, 'sources' | 'gates'>;

/** What an item says: a source its health, a gate its value, a group its outcome. */
export function healthOf(state: Readings, item: number): Health {
  if (item >= 0) return get(state.sources, item).health;
  const { group, value } = get(state.gates, ~item);
  return group === null ? value : outcome(group.phase);
}

/** What is asked of a gate that is active or failed. `raw` is what it is before inversion. */
export interface Question {
  /** Whether a member of such a health has a say. */
  speaks(health: Health, raw: Health): boolean;
  /** How much weight is enough. */
  enough(rule: Gate, gate: GateState, raw: Health): number;
  /** The greatest is left out first. `company`: about how many others it takes besides. */
  rank(state: Readings, leaf: number, company: number): number;
}

/**
 * A minimal set of leaves (sources, and groups held by a delay) that answers a question about a gate, in the order of
 * the requirement: from all that have a say, one after the other is left out unless the answer would be another then.
 * For a gate that is unknown it is everything unknown behind it, whatever the question. No recursion: the depth of an
 * expression has no limit.
 */
export function select(
  policy: Compiled,
  state: Readings,
  root: number,
  question: Question,
): readonly number[] {
  /** Of each gate behind the answer, the weight that speaks beyond what is enough. */
  const spare = new Map<number, number>();
  /** Of each item the gates behind the answer in which it has a say. All gates that it is a member of may be many more. */
  const links = new Map<number, Link[]>();
  const ranks = new Map<number, number>();
  let loose = false;
  const todo = [{ item: ~root, company: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { item, company } = next;
    const gate = ~item;
    // A source, or a group that says by a delay alone what its requirement does not.
    if (item >= 0 || (gate !== root && get(state.gates, gate).value !== healthOf(state, item))) {
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

  /** Takes the voice of a leaf away or gives it back; a gate that falls silent, or speaks again, does the same above. */
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
