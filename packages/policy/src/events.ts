/** Whether a source may be relied on; `unknown` before its first reading. */
export type Health = 'active' | 'failed' | 'unknown';

/** What the system says about one source. `reason` is carried to explanations as it is: `no carrier`, `exit 1`. */
export interface SourceReading {
  readonly id: string;
  readonly health: Health;
  readonly reason: string;
}

/** What the system really shows of a destination. */
export type Presence = 'up' | 'down' | 'missing';

/** What the system says about one destination. */
export interface DestinationReading {
  readonly id: string;
  /** `unknown`: it can be read and is in no state that an effect makes. Down is asserted, and up is not written on a guess. */
  readonly is: Presence | 'unknown';
  /**
   * Set it to say from memory (a journal) that we lowered it, which `raise: owned` asks for. One that was missing and
   * returns, down and known to be the one that we lowered, is raised where it is wanted up. Default: as known.
   */
  readonly owned?: boolean;
  /**
   * True where it is up although what we set it down by still holds: the system let it slip by itself, and nobody is to be
   * fought. It is set down again at once, with whatever `enforce`, and not counted as a foreign change. Default: false.
   */
  readonly slipped?: boolean;
}

/**
 * Everything a policy can be told. Ids that the policy does not name are ignored.
 *
 * - `sources`: several readings that hold at the same moment. With `complete: true` a source that is not listed is
 *   missing (failed), checks included, and so is a destination that is not listed if `destinations` is given.
 *   Until the first complete one every source is unknown and nothing is decided.
 * - `source`: one reading.
 * - `destination`: one reading of a destination; also how an effect is confirmed.
 * - `effect-failed`: the effect could not be applied; it is tried again with backoff.
 * - `pause`, `resume`: an operator takes a group out and back; `until` is monotonic milliseconds.
 * - `tick`: only time has passed.
 */
export type PolicyEvent =
  | {
      readonly type: 'sources';
      readonly complete: boolean;
      readonly sources: readonly SourceReading[];
      readonly destinations?: readonly DestinationReading[];
    }
  | { readonly type: 'source'; readonly source: SourceReading }
  | ({ readonly type: 'destination' } & DestinationReading)
  | { readonly type: 'effect-failed'; readonly effect: Effect; readonly code: string }
  | { readonly type: 'pause'; readonly group: string; readonly until?: number }
  | { readonly type: 'resume'; readonly group: string }
  | { readonly type: 'tick' };

/**
 * Where a group is. `starting` and `paused` have no opinion; `up` and `going-down` want the destinations up; `down` and
 * `coming-up` want them down.
 */
export type Phase = 'starting' | 'up' | 'going-down' | 'down' | 'coming-up' | 'paused';

/** One member of a blame: a source, or a group that is held by its own delay and by no source. */
export interface Blame {
  readonly kind: 'source' | 'group';
  readonly id: string;
  readonly health: Health;
  readonly reason: string;
  /** Monotonic milliseconds since which it has this health. */
  readonly since: number;
}

/** One change of a group's phase. */
export interface Transition {
  readonly group: string;
  readonly from: Phase;
  readonly to: Phase;
  /** A minimal set that makes the requirement what it is: failed ones for `down`, active ones for `up`. */
  readonly blame: readonly Blame[];
}

/**
 * Why an effect is emitted. `transition`: the group just changed. `arrival`: the destination appeared. `enforce`:
 * somebody else changed it. `slip`: the system raised it by itself. `retry`: an earlier attempt failed. `reload`: the
 * policy was replaced.
 */
export type Cause = 'transition' | 'arrival' | 'enforce' | 'slip' | 'retry' | 'reload';

/** Why a destination is set: the group's latest transition, and what made this effect due now. */
export interface Reason extends Transition {
  readonly cause: Cause;
}

/** Something to do. Plain data; the caller does it and feeds the result back as an event. */
export interface Effect {
  readonly type: 'set';
  readonly destination: string;
  readonly to: 'up' | 'down';
  readonly because: Reason;
}
