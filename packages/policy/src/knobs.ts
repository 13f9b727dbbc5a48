/** The longest delay, in ms: what a JavaScript timer can be set for (2^31 - 1, 24.8 days). Anything above is a mistake. */
export const LONGEST_MS = 2_147_483_647;

/** The largest penalty, threshold or weight. */
export const LARGEST = 1_000_000_000;

/** Delays of a group and their defaults, in ms. */
export const DELAYS = { downDelayMs: 0, upDelayMs: 0, startDelayMs: 0 } as const;

/** Knobs of dampening and their defaults: times in ms, the others in points of penalty. */
export const DAMPENING = {
  halfLifeMs: 15_000,
  suppress: 2_000,
  reuse: 750,
  maxSuppressMs: 60_000,
  penalty: 1_000,
} as const;

/** Knobs of a group with a choice of words; the first is the default. */
export const CHOICES = { enforce: ['down', 'always', 'never'], raise: ['always', 'owned'] } as const;

/** Keys of a group. */
export const GROUP_KEYS = [
  'require',
  'destinations',
  'dampening',
  ...(Object.keys(DELAYS) as (keyof typeof DELAYS)[]),
  ...(Object.keys(CHOICES) as (keyof typeof CHOICES)[]),
] as const;

/** Keys of an expression: each operator with what may stand beside it. */
export const OPERATORS = {
  all: [],
  any: [],
  not: [],
  atLeast: ['of'],
  weight: [],
  group: [],
} as const;

/** Keys of a weight rule, and of its members. */
export const WEIGHT_KEYS = ['atLeast', 'below', 'of'] as const;
export const WEIGHTED_KEYS = ['source', 'weight'] as const;

/** Retry of a failed effect: the first wait and the longest, in ms; doubling between. */
export const RETRY_MS: { readonly first: number; readonly longest: number } = { first: 100, longest: 30_000 };

/**
 * Re-assertion against somebody who keeps changing a destination, in ms: the first at once, the next no sooner than
 * `first` after it, then doubling to `longest`; forgotten after `quiet` without a change.
 */
export const FIGHT_MS: { readonly first: number; readonly longest: number; readonly quiet: number } = {
  first: 1_000,
  longest: 30_000,
  quiet: 60_000,
};
