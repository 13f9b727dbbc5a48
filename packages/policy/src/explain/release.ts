import { groupOf, healthOf, type Question, select } from '../engine/select.ts';
import { isHeld, lineOf, outcome } from '../engine/verdict.ts';
import type { Health, Phase } from '../events.ts';
import type { Compiled } from '../policy.ts';
import type { State } from '../state.ts';
import type { GroupStatus } from '../status.ts';
import { get } from '../vec.ts';
import { type Future, foresee, type Prediction } from './foresee.ts';
import { choiceOf, waysOf } from './ways.ts';

/** Which members turn a gate if they turn? Those that need the most others are left out first. */
const TURN: Question = {
  speaks: (health, raw) => health === raw || health === 'unknown',
  enough(rule, { held, active, unknown }, raw) {
    const line = lineOf(rule, held);
    return raw === 'active' ? active + unknown - line + 1 : line - active;
  },
  rank: (_state, _leaf, company) => company,
};

/** How often a set is completed by what still prevents the goal at the end of a trial. */
const MOST_COMPLETIONS = 4;

/** Up to this many unknown sources, every combination of readings is tried; for more, all get the same reading. */
const MOST_UNKNOWN = 4;

/** A set of leaves, the readings of the sources among them, and the result; null: it is not enough. */
export interface Turn {
  readonly items: readonly number[];
  readonly to: ReadonlyMap<number, Health>;
  readonly future: Future | null;
}

/** What makes a group leave its outcome, by the numbers of leaves. */
export interface Outlook extends Turn {
  /** The result of time alone. */
  readonly alone: Future | null;
  readonly alternatives: readonly Turn[];
  /** Set if there are too many alternatives to list: a number of some leaves, or (null) no short form. */
  readonly countless: { readonly choice: ReturnType<typeof choiceOf> } | null;
}

/** Finds the outlook by trials. @param calm the state from `withoutDeadlines` */
export function outlookOf(
  policy: Compiled,
  state: State,
  calm: State,
  root: number,
  group: GroupStatus,
): Outlook {
  const { phase, requirement } = group;
  // A group that is going down, or has no outcome, leaves its phase.
  const steady = phase === 'up' || outcome(phase) === 'failed';
  const leaves = steady
    ? (after: Phase) => outcome(after) !== outcome(phase)
    : (after: Phase) => after !== phase;
  const trial = foresee(policy, state, calm, [root], (after) => leaves(groupOf(after, root).phase));
  const alone = trial.after([]);
  const waits = isHeld(phase) || (requirement === 'active' && outcome(phase) !== 'active');
  if (waits) {
    const still: Turn = { items: [], to: new Map(), future: alone };
    // A group that it requires may be about to end its waiting.
    const chosen =
      alone === null && phase === 'coming-up' ? completed(policy, state, root, trial, still) : still;
    return { ...chosen, alone, alternatives: [], countless: null };
  }

  const minimal = select(policy, state, root, TURN);
  const first = attempt(trial, state, minimal);
  const chosen = first.future === null ? completed(policy, state, root, trial, first) : first;
  const ways = requirement === 'unknown' ? [] : waysOf(policy, state, root, TURN);
  const alternatives = (ways ?? [])
    .filter((items) => !sameItems(items, chosen.items))
    .map((items) => attempt(trial, state, items))
    .filter(({ future }) => future !== null);
  const countless = ways === null ? { choice: choiceOf(policy, state, root, TURN) } : null;
  return { ...chosen, alone, alternatives, countless };
}

/**
 * Turns leaves, and finds when the goal is reached. An unknown source gets the reading that reaches it soonest: active, or
 * failed under a `not`. Groups turn by themselves.
 */
export function attempt(trial: Prediction, state: State, items: readonly number[]): Turn {
  const sources = items.filter((item) => item >= 0);
  const unknown = sources.filter((source) => get(state.sources, source).health === 'unknown');
  const together = unknown.length > MOST_UNKNOWN;
  const last = together ? 1 : 2 ** unknown.length - 1;
  let best: Turn = { items, to: new Map(), future: null };
  for (let bits = 0; bits <= last; bits += 1) {
    const to = new Map(
      sources.map((source): [number, Health] => {
        const { health } = get(state.sources, source);
        if (health !== 'unknown') return [source, health === 'active' ? 'failed' : 'active'];
        return [source, (bits >> (together ? 0 : unknown.indexOf(source))) & 1 ? 'failed' : 'active'];
      }),
    );
    const future = trial.after(to);
    const sooner = future !== null && (best.future === null || future.at < best.future.at);
    if (bits === 0 || sooner) best = { items, to, future };
  }
  return best;
}

/** Also turns what holds the group at the end of a trial: a group that it requires may be about to fail. */
function completed(policy: Compiled, state: State, root: number, trial: Prediction, first: Turn): Turn {
  let turn = first;
  for (let left = MOST_COMPLETIONS; left > 0 && turn.future === null; left -= 1) {
    const { end } = trial;
    const more = select(policy, end, root, TURN).filter(
      (item) => !turn.items.includes(item) && healthOf(end, item) === healthOf(state, item),
    );
    if (more.length === 0 || isHeld(groupOf(end, root).phase)) return first;
    turn = attempt(trial, state, [...turn.items, ...more]);
  }
  return turn.future === null ? first : turn;
}

function sameItems(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && other.every((item) => one.includes(item));
}
