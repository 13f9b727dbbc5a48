import type { Cause, Effect, Health, Phase, Presence, Transition } from './events.ts';
import type { Counters } from './status.ts';
import type { Vec } from './vec.ts';

/** The last reading of a source. */
export interface SourceState {
  readonly health: Health;
  readonly reason: string;
  readonly since: number;
}

/** A gate between two events: sums of the weights of its members, and what came of them. */
export interface GateState {
  readonly active: number;
  readonly unknown: number;
  /** Of a gate with hysteresis: whether its latest verdict that was not unknown, before inversion, was active. */
  readonly held: boolean;
  readonly value: Health;
  readonly group: GroupState | null;
}

/** What a group remembers. Times are monotonic milliseconds. */
export interface GroupState {
  readonly phase: Phase;
  /** The phase before. */
  readonly from: Phase;
  readonly since: number;
  /** In `starting`: failures are not acted on before. In `paused`: when it ends by itself. */
  readonly until: number | null;
  readonly hidden: number;
  /** Dampening penalty as it was at `penaltyAt`. */
  readonly penalty: number;
  readonly penaltyAt: number;
  /** Dampening, or `startHoldMs`, holds the group down until then; not in the future when neither does. */
  readonly suppressedUntil: number;
}

/** What is remembered of a destination. */
export interface TargetState {
  readonly is: Presence | 'unknown';
  readonly since: number;
  /** How many groups want it down, and how many want it up. */
  readonly down: number;
  readonly up: number;
  /** A write that is owed once, whatever `enforce` says: after a transition, an arrival, a reload. */
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

/** The deadline of what has none: JSON has no infinity. */
export const NEVER: number = Number.MAX_SAFE_INTEGER;

/** What follows from one event. */
export interface Step {
  readonly state: State;
  /** To be done, in order. */
  readonly effects: readonly Effect[];
  /** Phases that changed, in order of dependency. */
  readonly transitions: readonly Transition[];
  /** When to call `step` with a `tick` at the latest: after `now`, or null. */
  readonly nextDeadline: number | null;
  /** How many gates of expressions were evaluated: what the event cost. */
  readonly evaluated: number;
}
