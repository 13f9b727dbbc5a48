import type { Effect, Health, Transition } from '../events.ts';
import type { Compiled } from '../policy.ts';
import { NEVER, type State } from '../state.ts';
import { at, get, put, replaced, SHIFT } from '../vec.ts';
import { copyState, type FreshState } from './copy.ts';
import { change } from './verdict.ts';

/** A gate to be evaluated, with what the sums of its members have changed by. */
interface Work {
  readonly rank: number;
  readonly gate: number;
  active: number;
  unknown: number;
}

/** One event in progress: the only thing in the engine that is changed in place, and it never leaves `step`. */
export interface Draft {
  readonly policy: Compiled;
  readonly state: FreshState;
  /** Ascending by rank, so that members come before what they are members of. */
  readonly work: Work[];
  /** Destinations to look at when every group has been evaluated. */
  readonly touched: number[];
  readonly transitions: Transition[];
  readonly effects: Effect[];
  /** Sources that have not been read since a restart do not interrupt a group that is coming up. */
  readonly patient: boolean;
}

/** Starts an event. */
export function open(policy: Compiled, state: State, now: number, patient = false): Draft {
  const fresh = copyState(state, now);
  return { policy, state: fresh, work: [], touched: [], transitions: [], effects: [], patient };
}

/** The next deadline, or null. */
export function nextDeadline({ due }: State): number | null {
  return due < NEVER ? due : null;
}

/** Notes that a gate has to be evaluated: a member of so much weight went from one health to another (or to the same). */
export function enqueue(
  { policy, work }: Draft,
  gate: number,
  weight: number,
  from: Health,
  to: Health,
): void {
  const { rank } = at(policy.gates, gate);
  let place = work.length;
  for (let low = 0; low < place; ) {
    const middle = (low + place) >> 1;
    if (at(work, middle).rank < rank) low = middle + 1;
    else place = middle;
  }
  let entry = work[place];
  if (entry?.gate !== gate) {
    entry = { rank, gate, active: 0, unknown: 0 };
    if (place === work.length) work.push(entry);
    else work.splice(place, 0, entry);
  }
  entry.active += weight * change('active', from, to);
  entry.unknown += weight * change('unknown', from, to);
}

/** Sets the deadline of a group (by its place) or a destination (after the groups). */
export function setDue({ state }: Draft, slot: number, due: number): void {
  if (get(state.dues, slot) === due) return;
  state.dues = put(state.dues, slot, due);
  const chunk = slot >> SHIFT;
  state.mins = replaced(state.mins, chunk, Math.min(...at(state.dues, chunk)));
  state.due = Math.min(...state.mins);
}

/** The slots whose deadline has come: groups by their place, destinations after them. */
export function expired({ state }: Draft): readonly number[] {
  const slots: number[] = [];
  if (state.due > state.now) return slots;
  state.mins.forEach((min, chunk) => {
    if (min > state.now) return;
    at(state.dues, chunk).forEach((due, i) => {
      if (due <= state.now) slots.push((chunk << SHIFT) + i);
    });
  });
  return slots;
}
