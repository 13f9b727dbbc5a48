import type { Effect, Health, Transition } from '../events.ts';
import type { Compiled } from '../policy.ts';
import { NEVER, type State, type Step } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { copyState, type FreshState } from './copy.ts';

/** A gate to be evaluated, with what the sums of its members have changed by. */
interface Work {
  readonly gate: number;
  active: number;
  unknown: number;
}

/** One event in progress: the only thing in the engine that is changed in place, and it never leaves `step`. */
export interface Draft {
  readonly policy: Compiled;
  readonly state: FreshState;
  /** Ascending by gate, so that members come before what they are members of. */
  readonly work: Work[];
  /** Destinations to look at when every group has been evaluated. */
  readonly touched: number[];
  readonly transitions: Transition[];
  readonly effects: Effect[];
}

/** Starts an event. */
export function open(policy: Compiled, state: State, now: number): Draft {
  return { policy, state: copyState(state, now), work: [], touched: [], transitions: [], effects: [] };
}

/** Ends it. */
export function close({ state, effects, transitions, work }: Draft): Step {
  state.counters.transitions += transitions.length;
  state.counters.effects += effects.length;
  return { state, effects, transitions, nextDeadline: nextDeadline(state), evaluated: work.length };
}

/** The least of all deadlines, or null. */
export function nextDeadline({ mins }: State): number | null {
  let least = NEVER;
  for (const min of mins) if (min < least) least = min;
  return least === NEVER ? null : least;
}

/** Notes that a gate has to be evaluated because a member of so much weight went from one health to another. */
export function enqueue({ work }: Draft, gate: number, weight = 0, from?: Health, to?: Health): void {
  let place = work.length;
  for (let low = 0; low < place; ) {
    const middle = (low + place) >> 1;
    if (at(work, middle).gate < gate) low = middle + 1;
    else place = middle;
  }
  let entry = work[place];
  if (entry?.gate !== gate) {
    entry = { gate, active: 0, unknown: 0 };
    work.splice(place, 0, entry);
  }
  if (from === to) return;
  if (to === 'active') entry.active += weight;
  if (to === 'unknown') entry.unknown += weight;
  if (from === 'active') entry.active -= weight;
  if (from === 'unknown') entry.unknown -= weight;
}

/** Sets the deadline of a group (by its place) or a destination (after the groups). */
export function setDue({ policy, state }: Draft, slot: number, due: number): void {
  const shift = policy.shifts.dues;
  if (get(state.dues, shift, slot) === due) return;
  state.dues = put(state.dues, shift, slot, due);
  const mins = state.mins.slice();
  mins[slot >> shift] = Math.min(...at(state.dues, slot >> shift));
  state.mins = mins;
}

/** The slots whose deadline has come: groups by their place, destinations after them. */
export function expired({ policy, state }: Draft): readonly number[] {
  const slots: number[] = [];
  state.mins.forEach((min, chunk) => {
    if (min > state.now) return;
    at(state.dues, chunk).forEach((due, i) => {
      if (due <= state.now) slots.push((chunk << policy.shifts.dues) + i);
    });
  });
  return slots;
}
