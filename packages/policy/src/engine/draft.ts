import type { Effect, Health, Transition } from '../events.ts';
import type { Compiled } from '../policy.ts';
import {
  type GateState,
  NEVER,
  type SourceState,
  type State,
  type Step,
  type TargetState,
} from '../state.ts';
import type { Counters } from '../status.ts';
import { at, get, put, type Vec } from '../vec.ts';

/** The readable part of a state that an event has not closed yet, or of one that it has. */
export interface View {
  readonly now: number;
  readonly sources: Vec<SourceState>;
  readonly gates: Vec<GateState>;
  readonly targets: Vec<TargetState>;
}

/** A gate to be evaluated, with what the sums of its members have changed by. */
interface Work {
  readonly gate: number;
  active: number;
  unknown: number;
}

/** One event in progress: the only thing in the engine that is changed in place, and it never leaves `step`. */
export interface Draft extends View {
  readonly policy: Compiled;
  ready: boolean;
  sources: Vec<SourceState>;
  gates: Vec<GateState>;
  targets: Vec<TargetState>;
  dues: Vec<number>;
  mins: readonly number[];
  /** Ascending by gate, so that members come before what they are members of. */
  readonly work: Work[];
  /** Destinations to look at when every group has been evaluated. */
  readonly touched: number[];
  readonly transitions: Transition[];
  readonly effects: Effect[];
  failures: number;
  foreign: number;
  evaluated: number;
}

/** Starts an event. */
export function open(policy: Compiled, state: State, now: number): Draft {
  const { ready, sources, gates, targets, dues, mins } = state;
  return {
    policy,
    now,
    ready,
    sources,
    gates,
    targets,
    dues,
    mins,
    work: [],
    touched: [],
    transitions: [],
    effects: [],
    failures: 0,
    foreign: 0,
    evaluated: 0,
  };
}

/** Ends it. `events`: how many it counts for. */
export function close(draft: Draft, counters: Counters, events: number): Step {
  const { policy, now, ready, sources, gates, targets, dues, mins, transitions, effects } = draft;
  const state: State = {
    version: 1,
    policy: policy.fingerprint,
    now,
    ready,
    counters: {
      events: counters.events + events,
      transitions: counters.transitions + transitions.length,
      effects: counters.effects + effects.length,
      failures: counters.failures + draft.failures,
      foreignChanges: counters.foreignChanges + draft.foreign,
    },
    sources,
    gates,
    targets,
    dues,
    mins,
  };
  return { state, effects, transitions, nextDeadline: nextDeadline(mins), evaluated: draft.evaluated };
}

/** The least of all deadlines, or null. */
export function nextDeadline(mins: readonly number[]): number | null {
  let least = NEVER;
  for (const min of mins) if (min < least) least = min;
  return least === NEVER ? null : least;
}

/** Notes that a gate has to be evaluated because a member of so much weight went from one health to another. */
export function enqueue(draft: Draft, gate: number, weight: number, from: Health, to: Health): void {
  const { work } = draft;
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
  if (from !== to) {
    entry.active += to === 'active' ? weight : from === 'active' ? -weight : 0;
    entry.unknown += to === 'unknown' ? weight : from === 'unknown' ? -weight : 0;
  }
}

/** Sets the deadline of a group (by its place) or a destination (after the groups). */
export function setDue(draft: Draft, slot: number, due: number): void {
  const shift = draft.policy.shifts.dues;
  if (get(draft.dues, shift, slot) === due) return;
  draft.dues = put(draft.dues, shift, slot, due);
  const chunk = slot >> shift;
  const mins = draft.mins.slice();
  mins[chunk] = Math.min(...at(draft.dues, chunk));
  draft.mins = mins;
}

/** The slots whose deadline has come. */
export function dueSlots({ dues, mins, now, policy }: Draft): readonly number[] {
  const slots: number[] = [];
  mins.forEach((min, chunk) => {
    if (min > now) return;
    at(dues, chunk).forEach((due, i) => {
      if (due <= now) slots.push((chunk << policy.shifts.dues) + i);
    });
  });
  return slots;
}
