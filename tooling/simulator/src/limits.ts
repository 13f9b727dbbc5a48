/** Milliseconds after a disturbance after which the daemon sees what other programs do. */
export const SEEN_MS = 2000;

/** More than every delay of the configurations. */
export const DELAYS_OVER_MS = 5000;

/** Milliseconds from a loss to the system call: early loss polls every 30 ms, and asks the driver twice. */
export const REACTION_MS = 100;

/** The same after an event of another network namespace, of which the daemon does not know: the window of link_watch. */
export const WINDOW_MS = 1100;

/**
 * Milliseconds after which everything is as the rules say: the longest delay of the configurations, the reaction, and the longest
 * pause of the policy between two attempts.
 */
export const REST_MS = 35_000;

/** Calls that a daemon makes at most from a loss to its last write. */
export const CALLS_A_REACTION = 60;

/** So many calls that fail at one moment are a loop that never waits. */
export const MOST_AT_ONCE = 2000;

/** @returns the milliseconds from now to just after the first of some times that is not past; infinite where all are */
export function firstAfter(now: number, times: readonly number[]): number {
  return Math.min(...times.filter((at) => at >= now).map((at) => at - now + 1));
}

/** The longest down-delay of some groups. */
export function longestDownDelayMs(
  groups: Readonly<Record<string, { readonly downDelayMs?: number }>>,
): number {
  return Math.max(0, ...Object.values(groups).map(({ downDelayMs = 0 }) => downDelayMs));
}
