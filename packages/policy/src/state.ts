import type { Cause, Effect, Health, Phase, Presence, Transition } from './events.ts';
import type { Counters } from './status.ts';
import type { Vec } from './vec.ts';

/** The last reading of a source. */
export interface SourceState {
  readonly health: Health;
  readonly reason: string;
  readonly since: number;
}

/** A gate between two events: the sums of the weights of its members, and its health. */
export interface GateState {
  readonly active: number;
  readonly unknown: number;
  /** With hysteresis: whether the latest known health, before inversion, was active. */
  readonly held: boolean;
  readonly value: Health;
  readonly group: GroupState | null;
}

/** The state of a group. Times are monotonic milliseconds. */
export interface GroupState {
  readonly phase: Phase;
  /** The phase before. */
  readonly from: Phase;
  readonly since: number;
  /** In `starting`: failures have no effect before. In `paused` and `drained`: when that ends; null: by an operator. */
  readonly until: number | null;
  readonly hidden: number;
  /** Dampening penalty as it was at `penaltyAt`. */
  readonly penalty: number;
  readonly penaltyAt: number;
  /** Dampening, or the start hold, holds the group down until then. In the past if neither does. */
  readonly suppressedUntil: number;
  /** With `restore: manual`: it went down, and no operator has restored it. */
  readonly latched: boolean;
}

/** The state of a destination. */
export interface TargetState {
  readonly is: Presence | 'unknown';
  readonly since: number;
  /** How many groups want it down, and how many want it up. */
  readonly down: number;
  readonly up: number;
  /** A write to make once, whatever `enforce` is: after a transition, an arrival, a reload. */
  readonly owed: 'up' | 'down' | null;
  /** What made the latest write due. */
  readonly cause: Cause;
  readonly pending: 'up' | 'down' | null;
  readonly owned: boolean;
  readonly error: string | null;
  /** Failed effects in a row. */
  readonly tries: number;
  /** No write before this moment. */
  readonly hold: number;
  /** Re-assertions since the last quiet minute, and the moment of the latest. */
  readonly fights: number;
  readonly foughtAt: number;
  readonly foreignChanges: number;
}

/**
 * The whole state: immutable plain JSON data that belongs to one policy. `describe` and `explain` read it, `serialize` keeps
 * it across processes.
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
  /** @internal by source number */
  readonly sources: Vec<SourceState>;
  /** @internal by gate number */
  readonly gates: Vec<GateState>;
  /** @internal by destination number */
  readonly targets: Vec<TargetState>;
  /** @internal deadlines of groups, then of destinations; {@link NEVER} where there is none */
  readonly dues: Vec<number>;
  /** @internal the least of each chunk of `dues` */
  readonly mins: readonly number[];
  /** @internal the least of all */
  readonly due: number;
}

/** Stands for no deadline: JSON has no infinity. */
export const NEVER: number = Number.MAX_SAFE_INTEGER;

/** The result of one event. */
export interface Step {
  readonly state: State;
  /** To be applied in this order. */
  readonly effects: readonly Effect[];
  /** Phases that changed, in order of dependency. */
  readonly transitions: readonly Transition[];
  /** When to call `step` with a `tick` at the latest: after `now`, or null. */
  readonly nextDeadline: number | null;
  /** How many gates were evaluated: a measure of what the event cost. */
  readonly evaluated: number;
}

/** A state that cannot be used: of another policy, of another version, or no state at all. */
export class StateError extends Error {
  readonly code = 'ERR_POLICY_STATE';

  constructor(message: string) {
    super(message);
    this.name = 'StateError';
  }
}
