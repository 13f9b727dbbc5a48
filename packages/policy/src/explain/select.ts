import { inverted, lineOf, outcome, verdict } from '../engine/verdict.ts';
import type { Health } from '../events.ts';
import type { Compiled, Gate } from '../policy.ts';
import type { GateState, State } from '../state.ts';
import { at, get } from '../vec.ts';

/** What has to be read to explain a gate. */
export type Readings = Pick<State, 'sources' | 'gates'>;

/** What an item says: a source its health, a gate its value, a group its outcome. */
export function healthOf(policy: Compiled, state: Readings, item: number): Health {
  const gate = item - policy.sources.length;
  if (gate < 0) return get(state.sources, policy.shifts.sources, item).health;
  const { group, value } = get(state.gates, policy.shifts.gates, gate);
  return group === null ? value : outcome(group.phase);
}

/** When an item began to say it; a gate that is no group has no such moment. */
export function sinceOf(policy: Compiled, state: Readings, item: number): number {
  const gate = item - policy.sources.length;
  if (gate < 0) return get(state.sources, policy.shifts.sources, item).since;
  return get(state.gates, policy.shifts.gates, gate).group?.since ?? 0;
}

/** The gate whose members say why an item is as it is, or -1: a source, or a group that is held by a delay alone. */
function behind(policy: Compiled, state: Readings, item: number): number {
  const gate = item - policy.sources.length;
  return gate >= 0 && get(state.gates, policy.shifts.gates, gate).value === healthOf(policy, state, item)
    ? gate
    : -1;
}

/** A gate and those behind it, members first. No recursion: the depth of an expression has no limit. */
function cone(policy: Compiled, state: Readings, root: number): readonly number[] {
  const gates = [root];
  let seen: Set<number> | undefined;
  for (const gate of gates) {
    for (const { to } of at(policy.gates, gate).members) {
      const inner = behind(policy, state, to);
      if (inner < 0 || seen?.has(inner)) continue;
      seen ??= new Set();
      seen.add(inner);
      gates.push(inner);
    }
  }
  return seen === undefined ? gates : gates.sort((one, other) => one - other);
}

/** One member of a gate that speaks for the answer, with the leaves behind it. */
interface Voice {
  readonly weight: number;
  readonly leaves: readonly number[];
  /** Less is heard first. */
  readonly rank: number;
}

/**
 * A minimal set of leaves (sources, and groups held by a delay) that
 *
 * - `'hold'`: makes a gate what it is, the first cause first; or
 * - `'turn'`: would turn it to the contrary if they turned, the fewest first.
 *
 * For a gate that is unknown it is in either case everything unknown behind it.
 */
export function select(
  policy: Compiled,
  state: Readings,
  root: number,
  what: 'hold' | 'turn',
): readonly number[] {
  const gates = cone(policy, state, root);
  const answers = gates.length > 1 ? new Map<number, readonly number[]>() : undefined;
  let answer: readonly number[] = [];
  for (const gate of gates) {
    const rule = at(policy.gates, gate);
    const gateState = get(state.gates, policy.shifts.gates, gate);
    const raw = inverted(rule, gateState.value);
    const contrary = raw === 'active' ? 'failed' : 'active';
    const voices: Voice[] = [];
    for (const { to, weight } of rule.members) {
      const health = healthOf(policy, state, to);
      if (what === 'hold' || raw === 'unknown' ? health !== raw : health === contrary) continue;
      const leaves = answers?.get(behind(policy, state, to)) ?? [to];
      let rank = what === 'turn' ? leaves.length : 0;
      if (what === 'hold') for (const leaf of leaves) rank = Math.max(rank, sinceOf(policy, state, leaf));
      voices.push({ weight, leaves, rank });
    }
    answer = hear(voices, enough(rule, gateState, raw, what));
    if (policy.tangled) answer = [...new Set(answer)];
    answers?.set(gate, answer);
  }
  return answer;
}

/** How much weight answers the question. */
function enough(
  rule: Gate,
  { held, active, unknown }: GateState,
  raw: Health,
  what: 'hold' | 'turn',
): number {
  const line = lineOf(rule, held);
  if (raw === 'unknown') return rule.total;
  if (what === 'hold') return raw === 'active' ? line : rule.total - line + 1;
  return raw === 'active' ? active + unknown - line + 1 : line - active;
}

/** Hears voices by rank until there is enough, then leaves out whichever turn out to be superfluous. */
function hear(voices: Voice[], enough: number): readonly number[] {
  if (voices.length > 1) voices.sort((one, other) => one.rank - other.rank);
  let sum = 0;
  let heard = 0;
  for (; sum < enough && heard < voices.length; heard += 1) sum += at(voices, heard).weight;
  const all: number[] = [];
  for (let i = 0; i < heard; i += 1) {
    const { weight, leaves } = at(voices, i);
    if (sum - weight >= enough) sum -= weight;
    else for (const leaf of leaves) all.push(leaf);
  }
  return all;
}

/** What a gate would say if only these leaves were known and all others unknown. */
export function given(policy: Compiled, state: Readings, root: number, leaves: ReadonlySet<number>): Health {
  let value: Health = 'unknown';
  const values = new Map<number, Health>();
  for (const gate of cone(policy, state, root)) {
    const rule = at(policy.gates, gate);
    const sum = { active: 0, failed: 0, unknown: 0 };
    for (const { to, weight } of rule.members) {
      const leaf = leaves.has(to) ? healthOf(policy, state, to) : 'unknown';
      sum[values.get(behind(policy, state, to)) ?? leaf] += weight;
    }
    const { held } = get(state.gates, policy.shifts.gates, gate);
    value = inverted(rule, verdict(rule, sum.active, sum.unknown, held));
    values.set(gate, value);
  }
  return value;
}
