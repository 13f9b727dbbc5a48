/**
 * What must hold for a group to be up, over source ids.
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
 * Active when so many members are active: a count from 1 to the number of members, or a percentage rounded up. With
 * `below` it has hysteresis: between the two it stays what it was.
 */
export interface AtLeastExpression {
  /** A whole number from 1 to the number of members, or a percentage above 0 up to 100, such as `'50%'`. */
  readonly atLeast: number | `${number}%`;
  /** Fails when fewer are active. From 1 to what `atLeast` comes to, or a percentage that comes to no more. Default: `atLeast`. */
  readonly below?: number | `${number}%`;
  readonly of: readonly Expression[];
}

/** Active when the weights of the active sources add up to enough. */
export interface WeightExpression {
  readonly weight: WeightRule;
}

/** The sum that is enough, the sum that is too little, and what each source contributes while it is active. */
export interface WeightRule {
  /** Becomes active at this sum or more. From 1 to the sum of all weights. */
  readonly atLeast: number;
  /** Fails under this sum; between the two it stays what it was. From 1 to `atLeast`. Default: `atLeast`. */
  readonly below?: number;
  readonly of: readonly WeightedSource[];
}

/** One contributor to a {@link WeightRule}. */
export interface WeightedSource {
  readonly source: Expression;
  /** Whole number, 1 or more. */
  readonly weight: number;
}

/**
 * Another group's outcome: active while that group is up or going down, failed while it is down or coming up,
 * unknown while it is starting or paused. Loops are refused.
 */
export interface GroupExpression {
  readonly group: string;
}

/** Flap dampening: a penalty per loss that decays by half every half-life. Every knob has a default. */
export interface DampeningConfig {
  /** Milliseconds in which the penalty halves. Default: 15,000. */
  readonly halfLifeMs?: number;
  /** At this penalty or above, the group is held down. Default: 2,000. */
  readonly suppress?: number;
  /** When the penalty has decayed to this, the group may come up. Must be under `suppress`. Default: 750. */
  readonly reuse?: number;
  /** Milliseconds: the longest a group is held down after its last loss. Default: 60,000. */
  readonly maxSuppressMs?: number;
  /** Added per loss. Default: 1,000. */
  readonly penalty?: number;
}

/** One dependency: what is required, what follows it, and when. */
export interface GroupConfig {
  /** What must hold for the destinations to be up. */
  readonly require: Expression;
  /** Ids of what is set down when `require` fails and up when it holds. May be shared with other groups. */
  readonly destinations: readonly string[];
  /** Milliseconds: failed for this long before going down. Default: 0. */
  readonly downDelayMs?: number;
  /** Milliseconds: active without interruption for this long before coming up. Default: 0. */
  readonly upDelayMs?: number;
  /** Milliseconds after start in which a failure is not acted on, unless the group was active once. Default: 0. */
  readonly startDelayMs?: number;
  /**
   * Milliseconds after start in which the group is down whatever its requirement says. A group that a later policy adds
   * has no such time. Default: 0.
   */
  readonly startHoldMs?: number;
  /** Flap dampening; absent means off, `{}` means on with the defaults. */
  readonly dampening?: DampeningConfig;
  /**
   * What to do when somebody else changes a destination. `down`: set it down again while the group is down.
   * `always`: in both directions. `never`: act on transitions and arrivals only. Default: `down`.
   */
  readonly enforce?: 'down' | 'always' | 'never';
  /** Which destinations are set up: `always` every one, `owned` only what this policy lowered. Default: `always`. */
  readonly raise?: 'always' | 'owned';
}

/** The whole configuration: groups by name. */
export interface PolicyConfig {
  readonly groups: Readonly<Record<string, GroupConfig>>;
}
