import type { PolicyEvent, Transition } from '@ifdepd/policy';
import type { Outcome } from './actuator.ts';
import { netTransitions } from './net-transitions.ts';

/** The consequences of one event, or a part of them, reported after the system calls are done. */
export interface Decision {
  /** The event that was fed: the same object in each part. */
  readonly event: PolicyEvent;
  /** Phases as they were before and are now: what came and went in between is left out, unless something was set for it. */
  readonly transitions: readonly Transition[];
  readonly outcomes: readonly Outcome[];
  /** Monotonic milliseconds: when the event was taken in, and when the last system call had returned. */
  readonly began: number;
  readonly ended: number;
  /** Whether more destinations are to be set for this event: another part will report them. */
  readonly unfinished: boolean;
}

/** A decision that is not carried out. */
export interface OpenDecision {
  readonly transitions: Transition[];
  readonly outcomes: Outcome[];
  readonly began: number;
  ended: number;
  /** How many effects are still to be applied. */
  due: number;
}

interface Gathered extends OpenDecision {
  /** Null while only what is past was taken in. */
  event: PolicyEvent | null;
  readonly past: boolean;
  reported: boolean;
}

/**
 * Gathers what happens, and reports it decision by decision.
 *
 * @param decided called with each decision; must not throw
 */
export function decisions(decided: (decision: Decision) => void) {
  let open: Gathered[] = [];

  function gather(event: PolicyEvent | null, at: number): Gathered {
    const past = event === null;
    const all = { event, past, transitions: [], outcomes: [], began: at, ended: at, due: 0, reported: false };
    open.push(all);
    return all;
  }

  function waiting(): Gathered | undefined {
    const last = open.at(-1);
    return last?.event === null ? last : undefined;
  }

  function reportOne(one: Gathered): void {
    const { event, past, transitions, outcomes, began, ended, due } = one;
    if (one.reported && due > 0 && outcomes.length === 0) {
      return;
    }
    one.reported = true;
    decided({
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
    /** An event is taken in. */
    begin(event: PolicyEvent, at: number): OpenDecision {
      const last = waiting();
      if (last === undefined) {
        return gather(event, at);
      }
      last.event = event;
      return last;
    },
    /** Something that is past is taken in: it belongs to the next event. */
    past: (at: number): OpenDecision => waiting() ?? gather(null, at),
    /** Reports what there is. */
    report(): void {
      const all = open;
      open = all.filter(({ due }) => due > 0);
      for (const one of all) {
        reportOne(one);
      }
    },
  };
}
