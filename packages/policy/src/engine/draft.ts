import type { Effect, Health, Transition } from '../events.ts';
import type { Compiled } from '../policy.ts';
import { NEVER, type State } from '../state.ts';
import { at, get, put, replaced, SHIFT } from '../vec.ts';
import { copyState, type FreshState } from './copy.ts';
import { change } from './verdict.ts';

/** A gate to evaluate, and by how much the sums of its members have changed. */
interface Work {
  readonly rank: number;
  readonly gate: number;
  active: number;
  unknown: number;
}

/** One event in progress: the only mutable data of the engine. It never leaves `step`. */
export interface Draft {
  readonly policy: Compiled;
  readonly state: FreshState;
  /** Ascending by rank: a gate comes after its members. */
  readonly work: Work[];
  /** Destinations to decide on after every group has been evaluated. */
  readonly touched: number[];
  readonly transitions: Transition[];
  readonly effects: Effect[];
  /** After a restart: whether an unknown requirement may not interrupt its group, which is coming up. */
  readonly waits: ((group: number) => boolean) | undefined;
}

/** Starts an event. */
export function open(policy: Compiled, state: State, now: number, waits?: Draft['waits']): Draft {
  const fresh = copyState(state, now);
  return { policy, state: fresh, work: [], touched: [], transitions: [], effects: [], waits };
}

/** The next deadline, or null. */
export function nextDeadline({ due }: State): number | null {
  return due < NEVER ? due : null;
}

/** Schedules a gate for evaluation: a member with this weight went from one health to another. Default: no member did. */
export function enqueue(
  { policy, work }: Draft,
  gate: number,
  weight = 0,
  from: Health = 'unknown',
  to: Health = from,
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
    work.splice(place, 0, entry);
  }
  entry.active += weight * change('active', from, to);
  entry.unknown += weight * change('unknown', from, to);
}

/** Sets the deadline of a slot: first the groups by their numbers, then the destinations. */
export function setDue({ state }: Draft, slot: number, due: number): void {
  if (get(state.dues, slot) === due) return;
  state.dues = put(state.dues, slot, due);
  const chunk = slot >> SHIFT;
  state.mins = replaced(state.mins, chunk, Math.min(...at(state.dues, chunk)));
  state.due = Math.min(...state.mins);
}

/** The slots whose deadline has passed, ascending. */
export function expired({ state }: Draft): readonly number[] {
  const slots: number[] = [];
  state.mins.forEach((min, chunk) => {
    if (min > state.now) return;
    at(state.dues, chunk).forEach((due, i) => {
      if (due <= state.now) slots.push((chunk << SHIFT) + i);
    });
  });
  return slots;
}
