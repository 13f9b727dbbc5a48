import { nameOf } from '../engine/blame.ts';
import { outcome } from '../engine/verdict.ts';
import { type Compiled, own } from '../policy.ts';
import type { State } from '../state.ts';
import { at, get } from '../vec.ts';
import type { SavedGroup } from './parse.ts';

/** A gate with hysteresis: an identity by its members, and whether an odd number of `not` stands above it. */
interface Rule {
  readonly gate: number;
  readonly about: string;
  readonly contrary: boolean;
}

/** What the hysteresis of a requirement remembers, by the identities of its gates. */
export function memoryOf(
  policy: Compiled,
  { gates }: State,
  root: number,
): Readonly<Record<string, boolean>> {
  return Object.fromEntries(rulesOf(policy, root).map(({ gate, about }) => [about, get(gates, gate).held]));
}

/**
 * What the hysteresis of a requirement starts with, by gate: the last health of the gate with the same members, even if weights
 * and thresholds have changed. For a new gate: the health that keeps the requirement as it was, so that a reload does not make
 * a group bounce.
 */
export function recall(
  policy: Compiled,
  root: number,
  was: SavedGroup | undefined,
): readonly (readonly [gate: number, held: boolean])[] {
  const { phase = 'starting', requirement = 'unknown', memory = {} } = was ?? {};
  const active = (requirement === 'unknown' ? outcome(phase) : requirement) === 'active';
  return rulesOf(policy, root).map(({ gate, about, contrary }) => {
    const known = own(Object(memory) as Record<string, unknown>, about);
    return [gate, typeof known === 'boolean' ? known : active !== contrary];
  });
}

/** The gates of a requirement that have hysteresis. Gates with the same members are numbered in order. */
function rulesOf(policy: Compiled, root: number): readonly Rule[] {
  const rules: Rule[] = [];
  const twins = new Map<string, number>();
  const todo = [{ gate: root, contrary: false }];
  for (const { gate, contrary: above } of todo) {
    const { members, at: line, below, invert } = at(policy.gates, gate);
    const contrary = above !== invert;
    if (below < line) {
      const names = JSON.stringify(members.map(({ to }) => nameOf(policy, to)));
      const twin = (twins.get(names) ?? 0) + 1;
      twins.set(names, twin);
      rules.push({ gate, about: `${names}#${twin}`, contrary });
    }
    for (const { to } of members) {
      if (to < 0 && at(policy.gates, ~to).group === null) todo.push({ gate: ~to, contrary });
    }
  }
  return rules;
}
