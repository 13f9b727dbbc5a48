/** Whether a source may be relied on; `unknown` before its first reading. */
export type Health = 'active' | 'failed' | 'unknown';

/** A reading of one source. Explanations show `reason` as it is: `no carrier`, `exit 1`. */
export interface SourceReading<Source extends string = string> {
  readonly id: Source;
  readonly health: Health;
  readonly reason: string;
}

/** The state of a destination in the system. */
export type Presence = 'up' | 'down' | 'missing';

/** A reading of one destination. */
export interface DestinationReading<Destination extends string = string> {
  readonly id: Destination;
  /** `unknown`: it is neither up nor down. Down is written then; up is not written on a guess. */
  readonly is: Presence | 'unknown';
  /**
   * Whether we set it down, from a memory such as a journal, for `raise: owned`. A destination that was missing and returns down
   * is raised if it is owned and wanted up. Default: as the state knows.
   */
  readonly owned?: boolean;
  /**
   * Whether it is up although what we set it down by still holds: the system raised it by itself, no other program. It is set
   * down again at once, whatever `enforce` is, and does not count as a foreign change. Default: false.
   */
  readonly slipped?: boolean;
}

/**
 * Every event that `step` takes. Ids that the policy does not name are ignored.
 *
 * - `sources`: several readings that hold at the same moment. With `complete: true` a source that is not listed is
 *   missing (failed), checks included. With `destinations`, a destination that is not listed is missing, too.
 *   Until the first complete one every source is unknown and nothing is decided.
 * - `source`: one reading.
 * - `destination`: one reading of a destination; also how an effect is confirmed.
 * - `effect-failed`: the effect could not be applied. It is retried with backoff.
 * - `pause`, `drain`: an operator takes a group out of service: its destinations stay as they are, or are set down and held.
 *   The latest of them counts; `until` is monotonic milliseconds.
 * - `resume`: an operator ends either. A drained group then comes up as one that was down: with its delays.
 * - `restore`: an operator releases a group with `restore: manual`. No effect while its requirement has failed.
 * - `tick`: only time has passed.
 */
export type PolicyEvent<
  Source extends string = string,
  Group extends string = string,
  Destination extends string = string,
> =
  | {
      readonly type: 'sources';
      readonly complete: boolean;
      readonly sources: readonly SourceReading<Source>[];
      readonly destinations?: readonly DestinationReading<Destination>[];
    }
  | { readonly type: 'source'; readonly source: SourceReading<Source> }
  | ({ readonly type: 'destination' } & DestinationReading<Destination>)
  | { readonly type: 'effect-failed'; readonly effect: Effect; readonly code: string }
  | { readonly type: 'pause'; readonly group: Group; readonly until?: number }
  | { readonly type: 'drain'; readonly group: Group; readonly until?: number }
  | { readonly type: 'resume'; readonly group: Group }
  | { readonly type: 'restore'; readonly group: Group }
  | { readonly type: 'tick' };

/**
 * The phase of a group. `starting` and `paused` have no opinion; `up` and `going-down` want the destinations up; `down`,
 * `coming-up` and `drained` want them down.
 */
export type Phase = 'starting' | 'up' | 'going-down' | 'down' | 'coming-up' | 'paused' | 'drained';

/** One member of a blame: a source, or a group that its own delay or an operator holds and no source. */
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
  /** A minimal set that makes the requirement what it is: failed sources for `down`, active ones for `up`. For `drained`: the group. */
  readonly blame: readonly Blame[];
}

/**
 * Why an effect is emitted. `transition`: the group just changed. `arrival`: the destination appeared. `enforce`:
 * another program changed it. `slip`: the system raised it by itself. `retry`: an earlier attempt failed. `reload`: the
 * policy was replaced.
 */
export type Cause = 'transition' | 'arrival' | 'enforce' | 'slip' | 'retry' | 'reload';

/** Why a destination is set: the latest transition of the group, and the cause of this effect. */
export interface Reason extends Transition {
  readonly cause: Cause;
}

/** A write to make. Plain data: the caller applies it and feeds the result back as an event. */
export interface Effect {
  readonly type: 'set';
  readonly destination: string;
  readonly to: 'up' | 'down';
  readonly because: Reason;
}
