/**
 * A requirement over source ids.
 *
 * Three-valued (Kleene): a source is active, failed or unknown, and so is an expression. A plain string is a source.
 * Lists are never empty and name a source or group once. Nested to any depth.
 */
export type Expression =
  | string
  | AllExpression
  | AnyExpression
  | NotExpression
  | AtLeastExpression
  | WeightExpression
  | GroupExpression;

/** Active when every member is active; failed as soon as one has failed. */
export interface AllExpression {
  readonly all: readonly Expression[];
}

/** Active as soon as one member is active; failed when every member has failed. */
export interface AnyExpression {
  readonly any: readonly Expression[];
}

/** Active when the member has failed, failed when it is active. */
export interface NotExpression {
  readonly not: Expression;
}

/**
 * Active when enough members are active: a count from 1 to the number of members, or a percentage, rounded up. With
 * `below` it has hysteresis: between the two it keeps its health.
 */
export interface AtLeastExpression {
  /** A whole number from 1 to the number of members, or a percentage above 0 up to 100, such as `'50%'`. */
  readonly atLeast: number | `${number}%`;
  /** Failed when fewer are active. From 1 to the count of `atLeast`, or a percentage that comes to no more. Default: `atLeast`. */
  readonly below?: number | `${number}%`;
  readonly of: readonly Expression[];
}

/** Active when the weights of the active sources add up to enough. */
export interface WeightExpression {
  readonly weight: WeightRule;
}

/** Thresholds for the sum of the weights of active sources, and the weight of each source. */
export interface WeightRule {
  /** Becomes active at this sum or more. From 1 to the sum of all weights. */
  readonly atLeast: number;
  /** Failed below this sum; between the two it keeps its health. From 1 to `atLeast`. Default: `atLeast`. */
  readonly below?: number;
  readonly of: readonly WeightedSource[];
}

/** One source of a {@link WeightRule}. */
export interface WeightedSource {
  readonly source: Expression;
  /** Whole number, 1 or more. */
  readonly weight: number;
}

/**
 * Another group's outcome: active while that group is up or going down, failed while it is down, coming up or drained,
 * unknown while it is starting or paused. Loops are refused.
 */
export interface GroupExpression {
  readonly group: string;
}

/** Flap damping: each loss adds a penalty, which halves every half-life. Every knob has a default. */
export interface DampeningConfig {
  /** Milliseconds in which the penalty halves. Default: 15,000. */
  readonly halfLifeMs?: number;
  /** From this penalty on the group is held down. Default: 2,000. */
  readonly suppress?: number;
  /** The group may come up when the penalty has decayed to this. Less than `suppress`. Default: 750. */
  readonly reuse?: number;
  /** Milliseconds: the longest a group is held down after its last loss. Default: 60,000. */
  readonly maxSuppressMs?: number;
  /** Added per loss. Default: 1,000. */
  readonly penalty?: number;
}

/** One group: a requirement, the destinations that follow it, and timing. */
export interface GroupConfig {
  /** The expression that must be active for the destinations to be up. */
  readonly require: Expression;
  /**
   * Ids to set down when `require` fails and up when it is active. Groups may share destinations. Absent: none; the group is a
   * named result with its own timing, for `{group: name}`.
   */
  readonly destinations?: readonly string[];
  /** Milliseconds: failed for this long before going down. Not for a group that came up at the same moment. Default: 0. */
  readonly downDelayMs?: number;
  /** Milliseconds: active without interruption for this long before coming up. Default: 0. */
  readonly upDelayMs?: number;
  /** Milliseconds after start in which a failure has no effect, unless the group was active before. Default: 0. */
  readonly startDelayMs?: number;
  /**
   * Milliseconds after start in which the group is down, whatever its requirement is. Not for a group that a later policy adds.
   * Default: 0.
   */
  readonly startHoldMs?: number;
  /** Flap damping. Absent: off. `{}`: on, with the defaults. */
  readonly dampening?: DampeningConfig;
  /**
   * What to do when another program changes a destination. `down`: set it down again while the group is down.
   * `always`: in both directions. `never`: write on transitions and arrivals only. Default: `down`.
   */
  readonly enforce?: 'down' | 'always' | 'never';
  /** Which destinations are set up: `always` every one, `owned` only what this policy lowered. Default: `always`. */
  readonly raise?: 'always' | 'owned';
  /**
   * What brings a group up after it was down: `auto` its requirement, `manual` a `restore` event of an operator. A group that starts
   * with a failed requirement was down, too. Default: `auto`.
   */
  readonly restore?: 'auto' | 'manual';
}

/** The whole configuration: groups by name. */
export interface PolicyConfig {
  readonly groups: Readonly<Record<string, GroupConfig>>;
}
