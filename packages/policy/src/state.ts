import type { Effect, Transition } from './events.ts';
import type { Counters } from './status.ts';

/**
 * Where everything stands: immutable plain JSON data that belongs to one policy. Read it through `describe` or
 * `explain`, keep it across processes with `serialize`.
 */
export interface State {
  readonly version: 1;
  /** Fingerprint of the policy it belongs to. */
  readonly policy: string;
  /** Monotonic milliseconds of the latest event. */
  readonly now: number;
  /** Whether a complete snapshot has been seen. */
  readonly ready: boolean;
  readonly counters: Counters;
}

/** What follows from one event. */
export interface Step {
  readonly state: State;
  /** To be done, in order. */
  readonly effects: readonly Effect[];
  /** Phases that changed, in order of dependency. */
  readonly transitions: readonly Transition[];
  /** When to call `step` with a `tick` at the latest: after `now`, or null. */
  readonly nextDeadline: number | null;
  /** How many expression nodes were evaluated: what the event cost. */
  readonly evaluated: number;
}
