import { step } from '../engine/step.ts';
import type { Health } from '../events.ts';
import type { Compiled, Gate, Link } from '../policy.ts';
import { NEVER, type State, type Step } from '../state.ts';
import { at, get, put, replaced, SHIFT } from '../vec.ts';

/** The most deadlines that are followed: several times as many as a chain of groups can have in sequence. */
const MOST_DEADLINES = 1_000;

/** A later state, and when it is reached. */
export interface Future {
  readonly state: State;
  readonly at: number;
}

/** Tries changes on copies of a state. */
export interface Prediction {
  /** When the goal is reached if these sources turn now and nothing else changes. Null: never. */
  after(turned: Iterable<readonly [source: number, to: Health]>): Future | null;
  /** The state at the end of the last trial. */
  readonly end: State;
}

/**
 * @param calm the state from {@link withoutDeadlines}
 * @param roots the numbers of the groups that the goal is about
 * @param reached whether a state is the goal
 */
export function foresee(
  policy: Compiled,
  state: State,
  calm: State,
  roots: readonly number[],
  reached: (state: State) => boolean,
): Prediction {
  const part = partBehind(policy, roots);
  const from = withDeadlinesOf(calm, state, part.groupNumbers);
  let end = state;

  return {
    after(turned) {
      const readings = [...turned].map(([source, health]) => ({
        id: at(policy.sources, source),
        health,
        reason: '',
      }));
      const event =
        readings.length === 0 ? null : ({ type: 'sources', complete: false, sources: readings } as const);
      let current: Step = step(part.policy, from, event ?? { type: 'tick' }, state.now);
      for (let left = MOST_DEADLINES; left > 0; left -= 1) {
        end = current.state;
        if (reached(end)) return { state: end, at: end.now };
        if (current.nextDeadline === null) return null;
        current = step(part.policy, end, { type: 'tick' }, current.nextDeadline);
      }
      return null;
    },
    get end() {
      return end;
    },
  };
}

/** A state in which nothing is due, and every source may be read. */
export function withoutDeadlines(state: State): State {
  const dues = state.dues.map((chunk) => chunk.map(() => NEVER));
  return { ...state, ready: true, dues, mins: state.mins.map(() => NEVER), due: NEVER };
}

/** Adds the deadlines of these groups. Those of other groups and of destinations do not affect them. */
function withDeadlinesOf(calm: State, { dues: known }: State, groups: Iterable<number>): State {
  let { dues, mins, due } = calm;
  for (const group of groups) {
    const own = get(known, group);
    if (own === NEVER) continue;
    const chunk = group >> SHIFT;
    dues = put(dues, group, own);
    mins = replaced(mins, chunk, Math.min(at(mins, chunk), own));
    due = Math.min(due, own);
  }
  return { ...calm, dues, mins, due };
}

/** A policy reduced to the gates that some groups depend on, without destinations. */
interface Part {
  readonly policy: Compiled;
  readonly groupNumbers: readonly number[];
}

/** Numbers stay the same. The cost of a trial follows the part, not the whole policy. */
function partBehind(policy: Compiled, roots: readonly number[]): Part {
  const behind = new Set(roots);
  const gates: Gate[] = [];
  const readers: Link[][] = [];
  const parents = new Map<number, Link[]>();
  for (const number of behind) {
    for (const { to, weight } of at(policy.gates, number).members) {
      const above = { to: number, weight };
      if (to >= 0) {
        readers[to] ??= [];
        readers[to].push(above);
      } else {
        behind.add(~to);
        parents.set(~to, [...(parents.get(~to) ?? []), above]);
      }
    }
  }
  for (const number of behind) {
    const gate = at(policy.gates, number);
    const group = gate.group && { ...gate.group, destinations: [] };
    gates[number] = { ...gate, group, parents: parents.get(number) ?? [] };
  }
  const groupNumbers = [...behind].filter((number) => at(policy.gates, number).group !== null);
  return { policy: { ...policy, gates, readers }, groupNumbers };
}
