import type { PolicyEvent, Transition } from '@ifdepd/policy';
import type { Outcome } from './actuator.ts';
import { netTransitions } from './net-transitions.ts';

/** What happened at one moment, or a part of it, told after the system calls are done. */
export interface Decision {
  /** What the policy was told from outside: the same object in each part. */
  readonly event: PolicyEvent;
  /** Phases as they were before and are now: what came and went in between is left out, unless something was set for it. */
  readonly transitions: readonly Transition[];
  readonly outcomes: readonly Outcome[];
  /** Monotonic milliseconds: when the event was taken in, and when the last system call had returned. */
  readonly began: number;
  readonly ended: number;
  /** Whether more destinations are to be set for this event: another part will tell of them. */
  readonly unfinished: boolean;
}

/** A moment that is not over. */
export interface OpenDecision {
  readonly transitions: Transition[];
  readonly outcomes: Outcome[];
  readonly began: number;
  ended: number;
  /** How many effects are still to be applied. */
  due: number;
}

/** Gathers what happens, and tells it moment by moment. */
export interface Decisions {
  /** An event is taken in. */
  begin(event: PolicyEvent, at: number): OpenDecision;
  /** Something that is past is taken in: it belongs to the next event. */
  past(at: number): OpenDecision;
  /** Tells what there is. */
  tell(): void;
}

interface Gathered extends OpenDecision {
  /** Null while only what is past was taken in. */
  event: PolicyEvent | null;
  readonly past: boolean;
  told: boolean;
}

/** @param told must not throw */
export function decisions(told: (decision: Decision) => void): Decisions {
  let open: Gathered[] = [];

  function gather(event: PolicyEvent | null, at: number): Gathered {
    const past = event === null;
    const all = { event, past, transitions: [], outcomes: [], began: at, ended: at, due: 0, told: false };
    open.push(all);
    return all;
  }

  function waiting(): Gathered | undefined {
    const last = open.at(-1);
    return last?.event === null ? last : undefined;
  }

  function tellOne(one: Gathered): void {
    const { event, past, transitions, outcomes, began, ended, due } = one;
    if (one.told && due > 0 && outcomes.length === 0) {
      return;
    }
    one.told = true;
    told({
      event: event ?? { type: 'tick' },
      transitions: past ? netTransitions(transitions, outcomes) : [...transitions],
      outcomes: [...outcomes],
      began,
      ended,
      unfinished: due > 0,
    });
    transitions.length = 0;
    outcomes.length = 0;
  }

  return {
    begin(event, at) {
      const last = waiting();
      if (last === undefined) {
        return gather(event, at);
      }
      last.event = event;
      return last;
    },
    past: (at) => waiting() ?? gather(null, at),
    tell() {
      const all = open;
      open = all.filter(({ due }) => due > 0);
      for (const one of all) {
        tellOne(one);
      }
    },
  };
}
