/**
 * A number that a configuration may hold: the least and the greatest it may be, and what it is when absent.
 * The one source of these limits: `compile` checks against them and the JSON Schema is generated from them.
 */
export type Knob = readonly [least: number, most: number, fallback: number];

/** The longest delay in ms: the longest that a JavaScript timer takes (2^31 - 1, 24.8 days). */
export const LONGEST_MS: number = 2 ** 31 - 1;

/** The greatest weight, threshold or penalty. */
export const GREATEST: number = 1e9;

const DELAY: Knob = [0, LONGEST_MS, 0];

/** Delays of a group, in ms. */
export const DELAYS: {
  readonly [key in 'downDelayMs' | 'upDelayMs' | 'startDelayMs' | 'startHoldMs']: Knob;
} = { downDelayMs: DELAY, upDelayMs: DELAY, startDelayMs: DELAY, startHoldMs: DELAY };

/** Knobs of dampening: times in ms, the others in penalty points. */
export const DAMPENING: {
  readonly [key in 'halfLifeMs' | 'suppress' | 'reuse' | 'maxSuppressMs' | 'penalty']: Knob;
} = {
  halfLifeMs: [1, LONGEST_MS, 15_000],
  suppress: [1, GREATEST, 2_000],
  reuse: [1, GREATEST, 750],
  maxSuppressMs: [1, LONGEST_MS, 60_000],
  penalty: [1, GREATEST, 1_000],
};

/** Knobs of a group that are a choice of words; the first is the default. */
export const CHOICES = {
  enforce: ['down', 'always', 'never'],
  raise: ['always', 'owned'],
  restore: ['auto', 'manual'],
} as const;

/** The operators of expressions. */
export const OPERATORS = ['all', 'any', 'not', 'atLeast', 'weight', 'group'] as const;

/** Waits that double: the first and the longest, in ms. */
export type Backoff = readonly [first: number, longest: number];

/** Between the attempts of a failing effect. */
export const RETRY_MS: Backoff = [100, 30_000];

/** Between re-assertions against another program that keeps changing a destination. The first is made at once. */
export const FIGHT_MS: Backoff = [1_000, 30_000];

/** After this time without a re-assertion, in ms, the next one counts as the first. */
export const QUIET_MS = 60_000;
