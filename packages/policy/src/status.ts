import type { Blame, Cause, Health, Phase, Presence } from './events.ts';

/** One source of a group. Times here and below are monotonic milliseconds. */
export interface SourceStatus {
  readonly id: string;
  readonly health: Health;
  readonly reason: string;
  /** When it got this health. */
  readonly since: number;
}

/** A group, as `status` shows it. */
export interface GroupStatus {
  readonly name: string;
  readonly phase: Phase;
  readonly since: number;
  /** The present health of the requirement. */
  readonly requirement: Health;
  /**
   * The sum of the weights of the active members of the requirement, of which each weighs 1 where it has no weight of its own. Of
   * a `not`: whether its member is active.
   */
  readonly weight: number;
  /** When time alone ends the phase: a delay, a suppression, the end of a pause or drain; null: it does not. */
  readonly until: number | null;
  /** A minimal set that makes the requirement what it is; the failed ones when it has failed. */
  readonly blame: readonly Blame[];
  /** How many failures and returns a delay has hidden. */
  readonly hidden: number;
  /** The dampening penalty, decayed to this moment, rounded. */
  readonly penalty: number;
  /** Until when dampening, or `startHoldMs`, holds the group down; null when neither does. */
  readonly suppressedUntil: number | null;
  /** With `restore: manual`: whether it went down, and waits for a `restore` event. */
  readonly latched: boolean;
  /** Every source in the requirement, without those of other groups. */
  readonly sources: readonly SourceStatus[];
  readonly destinations: readonly string[];
}

/** A destination, as `status` shows it. */
export interface DestinationStatus {
  readonly id: string;
  /** What the groups together want; `none`: no group has an opinion. */
  readonly want: 'up' | 'down' | 'none';
  /** The last reading; `unknown` before the first. */
  readonly is: Presence | 'unknown';
  /** When a reading first said so. */
  readonly since: number;
  /** The groups that want it down. */
  readonly heldBy: readonly string[];
  /** Whether we lowered it. */
  readonly owned: boolean;
  /** An effect that has been emitted and neither confirmed nor refused yet. */
  readonly pending: 'up' | 'down' | null;
  /** The code of the last failed effect; null when none is outstanding. */
  readonly error: string | null;
  /** Why the latest write was made or is due. */
  readonly cause: Cause;
  /** When the next attempt is made; null when none is planned. */
  readonly retryAt: number | null;
  /** How many times another program changed it against what the groups want. */
  readonly foreignChanges: number;
  /** Why it is not what the groups want; null if it is, or if no group has an opinion. */
  readonly differs: Difference | null;
}

/**
 * Why a destination is not what the groups want:
 *
 * - `not-read`: no reading has arrived yet.
 * - `missing`: it does not exist.
 * - `setting`: an effect is on its way.
 * - `refused`: the last effect failed, and is tried again.
 * - `changed`: another program changed it. `left` says whether `enforce` leaves it so.
 * - `appeared`: it appeared while it is wanted up; ifdepd does not raise what appears.
 * - `not-ours`: we did not lower it, and `raise: owned` raises only what we lowered.
 */
export interface Difference {
  readonly reason: 'not-read' | 'missing' | 'setting' | 'refused' | 'changed' | 'appeared' | 'not-ours';
  /** Whether it stays so until another event; false if a write follows. */
  readonly left: boolean;
}

/** Counters since `start`. */
export interface Counters {
  readonly events: number;
  /** Changes of phase. */
  readonly transitions: number;
  readonly effects: number;
  /** Failed effects. */
  readonly failures: number;
  readonly foreignChanges: number;
}

/** The whole state in readable form: groups and destinations in the order of the configuration. */
export interface Status {
  readonly now: number;
  /** Whether a complete snapshot has been seen. */
  readonly ready: boolean;
  readonly nextDeadline: number | null;
  readonly groups: readonly GroupStatus[];
  readonly destinations: readonly DestinationStatus[];
  readonly counters: Counters;
}

/** A set of changes that is enough, and when it takes effect. */
export interface Way {
  /** Sources (or groups held by a delay) that would have to change, a minimal set; empty: time alone is enough. */
  readonly needs: readonly string[];
  /**
   * When it takes effect if the needed sources change now and nothing else does, with the delays and suppressions of this group
   * and of every group that it requires. Null: it does not take effect.
   */
  readonly earliest: number | null;
}

/**
 * What makes a group leave its outcome; for a group that is `going-down`, its phase. Found by a trial: the needed
 * changes are fed to a copy of the state, and its deadlines followed.
 */
export interface Release extends Way {
  /** When it happens if nothing else changes; null: not by time alone. */
  readonly at: number | null;
  /** Other sets that are enough, at most 15; empty where there are none, or too many to list. */
  readonly alternatives: readonly Way[];
}

/** A group with what releases it, and all of this in plain English. */
export interface GroupExplanation extends GroupStatus {
  readonly release: Release;
  readonly sentence: string;
}

/** A destination with the sources to blame for what the groups want, what releases it, and a sentence. */
export interface DestinationExplanation extends DestinationStatus {
  readonly blame: readonly Blame[];
  readonly release: Release;
  readonly sentence: string;
}

/** Explanations of groups and destinations. */
export interface Explanation extends Omit<Status, 'groups' | 'destinations'> {
  readonly groups: readonly GroupExplanation[];
  readonly destinations: readonly DestinationExplanation[];
}
