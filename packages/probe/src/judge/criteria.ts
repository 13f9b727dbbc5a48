import { objectWith, wholeNumber } from '@ifdepd/libc';

/** When a target is active, and when it has failed. */
export interface Criteria {
  /** Answers in a row until it is active. Default: 2. */
  readonly rise?: number;
  /** Probes in a row without the answer until it has failed. Default: 2. */
  readonly fall?: number;
  /** How many of the last probes `loss` and `latencyMs` look at, and statistics tell of. Default: 20. */
  readonly window?: number;
  /**
   * The largest share of lost probes in the window, from 0 to 1. More of them, and it has failed; half as many in a full window,
   * and it is active again. Default: no limit.
   */
  readonly loss?: number;
  /**
   * The largest mean round trip in the window, in milliseconds. Above it, it has failed; at nine tenths of it in a full window, it
   * is active again. Default: no limit.
   */
  readonly latencyMs?: number;
}

/** Criteria with their defaults; null: no limit. */
export interface FullCriteria {
  readonly rise: number;
  readonly fall: number;
  readonly window: number;
  readonly loss: number | null;
  readonly latencyMs: number | null;
}

const COUNT = { least: 1, most: 1000 } as const;

/**
 * Fills the defaults in.
 *
 * @throws {TypeError | RangeError} that names the wrong one
 */
export function fullCriteria(criteria: Criteria): FullCriteria {
  objectWith('criteria', criteria);
  const { rise = 2, fall = 2, window = 20, loss = null, latencyMs = null } = criteria;
  for (const [name, value] of Object.entries({ rise, fall, window })) {
    wholeNumber(name, value, COUNT);
  }
  within('loss', loss, 1);
  within('latencyMs', latencyMs, 3_600_000);
  return { rise, fall, window, loss, latencyMs };
}

function within(name: string, value: number | null, most: number): void {
  if (value !== null && !(typeof value === 'number' && value >= 0 && value <= most)) {
    throw new RangeError(`${name} must be a number from 0 to ${most}, not ${String(value)}`);
  }
}
