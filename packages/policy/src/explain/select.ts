import { inverted, outcome, verdict } from '../engine/verdict.ts';
import type { Health } from '../events.ts';
import type { Compiled, Gate } from '../policy.ts';
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

/** When an item began to say it; a gate that is no group has no such moment. */
export function sinceOf(state: Readings, item: number): number {
  return item >= 0 ? get(state.sources, item).since : (get(state.gates, ~item).group?.since ?? 0);
}

/** The gate whose members say why an item is as it is, or -1: a source, or a group that is held by a delay alone. */
function behind(state: Readings, item: number): number {
  return item < 0 && get(state.gates, ~item).value === healthOf(state, item) ? ~item : -1;
}

/** A gate and those behind it, members first. No recursion: the depth of an expression has no limit. */
function cone(policy: Compiled, state: Readings, root: number): readonly number[] {
  const gates = [root];
  let seen: Set<number> | undefined;
  for (const gate of gates) {
    for (const { to } of at(policy.gates, gate).members) {
      const inner = behind(state, to);
      if (inner < 0 || seen?.has(inner)) continue;
      seen ??= new Set();
      seen.add(inner);
      gates.push(inner);
    }
  }
  return seen === undefined
    ? gates
    : gates.sort((one, other) => at(policy.gates, one).rank - at(policy.gates, other).rank);
}

/** What is asked of a gate that is active or failed. `raw` is what it is before inversion. */
export interface Question {
  /** Whether a member of such a health has a say. */
  speaks(health: Health, raw: Health): boolean;
  /** In which order members are heard, by the leaves behind them: less comes first. */
  rank(state: Readings, leaves: readonly number[]): number;
  /** How much weight is enough. */
  enough(rule: Gate, gate: GateState, raw: Health): number;
}

/** One member of a gate that has a say, with the leaves behind it. */
interface Voice {
  readonly weight: number;
  readonly leaves: readonly number[];
  rank: number;
  heard: boolean;
}

/**
 * A minimal set of leaves (sources, and groups held by a delay) that answers a question about a gate, in the order of
 * the requirement. For a gate that is unknown it is everything unknown behind it, whatever the question.
 */
export function select(
  policy: Compiled,
  state: Readings,
  root: number,
  question: Question,
): readonly number[] {
  const gates = cone(policy, state, root);
  const answers = gates.length > 1 ? new Map<number, readonly number[]>() : undefined;
  let answer: readonly number[] = [];
  for (const gate of gates) {
    const rule = at(policy.gates, gate);
    const gateState = get(state.gates, gate);
    const raw = inverted(rule, gateState.value);
    const open = raw === 'unknown';
    const voices: Voice[] = [];
    for (const { to, weight } of rule.members) {
      const health = healthOf(state, to);
      if (open ? health !== raw : !question.speaks(health, raw)) continue;
      const leaves = answers?.get(behind(state, to)) ?? [to];
      voices.push({ weight, leaves, rank: 0, heard: true });
    }
    const enough = open ? rule.total : question.enough(rule, gateState, raw);
    answer = hear(voices, enough, (voice) => question.rank(state, voice.leaves));
    if (policy.tangled) answer = [...new Set(answer)];
    answers?.set(gate, answer);
  }
  return answer;
}

/** The leaves of all voices but those that are not needed; of these the last by rank are left out first. */
function hear(voices: readonly Voice[], enough: number, rank: (voice: Voice) => number): readonly number[] {
  let spare = -enough;
  for (const { weight } of voices) spare += weight;
  if (spare > 0) {
    for (const voice of voices) voice.rank = rank(voice);
    for (const voice of [...voices].sort((one, other) => one.rank - other.rank).reverse()) {
      voice.heard = voice.weight > spare;
      if (!voice.heard) spare -= voice.weight;
    }
  }
  const leaves: number[] = [];
  for (const voice of voices) if (voice.heard) for (const leaf of voice.leaves) leaves.push(leaf);
  return leaves;
}

/** What a gate would say if only these leaves were known and all others unknown. */
export function given(policy: Compiled, state: Readings, root: number, leaves: ReadonlySet<number>): Health {
  let value: Health = 'unknown';
  const values = new Map<number, Health>();
  for (const gate of cone(policy, state, root)) {
    const rule = at(policy.gates, gate);
    const sum = { active: 0, failed: 0, unknown: 0 };
    for (const { to, weight } of rule.members) {
      const leaf = leaves.has(to) ? healthOf(state, to) : 'unknown';
      sum[values.get(behind(state, to)) ?? leaf] += weight;
    }
    const { held } = get(state.gates, gate);
    value = inverted(rule, verdict(rule, sum.active, sum.unknown, held));
    values.set(gate, value);
  }
  return value;
}
