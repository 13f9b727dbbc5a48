import { outcome } from '../engine/verdict.ts';
import { nameOf } from '../explain/blame.ts';
import { own } from '../own.ts';
import type { Compiled } from '../policy.ts';
import type { State } from '../state.ts';
import { at, get } from '../vec.ts';
import type { SavedGroup } from './parse.ts';

/** A gate with hysteresis: what it is about, and whether it says the contrary of what its requirement comes to. */
interface Rule {
  readonly gate: number;
  readonly about: string;
  readonly contrary: boolean;
}

/** What the hysteresis of a requirement remembers, by what it is about. */
export function memoryOf(
  policy: Compiled,
  { gates }: State,
  root: number,
): Readonly<Record<string, boolean>> {
  return Object.fromEntries(rulesOf(policy, root).map(({ gate, about }) => [about, get(gates, gate).held]));
}

/**
 * What the hysteresis of a requirement begins with, by gate: what a rule about the same members said last, whatever
 * weights and lines it has now. Without such a rule: what keeps the requirement as it was, a `not` in between turning it
 * round, so that a reload does not make a group bounce.
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

/** The gates of a requirement that have hysteresis. Of several about the same members, the order tells them apart. */
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
