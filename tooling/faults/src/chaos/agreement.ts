/** What is wrong at a moment, and when the daemon itself plans to mend it. */
export interface Differences {
  /** Empty if the daemon, the kernel and the model agree. */
  readonly wrong: readonly string[];
  /** Milliseconds until the last attempt that the daemon has planned; null where it has planned none. */
  readonly attemptInMs: number | null;
}

/** Milliseconds without agreement, and without an attempt to wait for, after which a difference counts as final. */
export const AGREEMENT_LIMIT_MS = 30_000;

/** Attempts of a daemon extend the limit by so much at most: twice the longest backoff of the policy. */
const LONGEST_EXTENSION_MS = 60_000;

/** Milliseconds between two comparisons. */
const PAUSE_MS = 5;

/** The time of this process. */
export interface Clock {
  now(): number;
  wait(ms: number): Promise<void>;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Waits until nothing is wrong, twice in a row. A destination that other programs keep changing is set again after up to half
 * a minute: the limit begins with the attempt that the daemon has planned.
 *
 * @returns the differences that stayed
 */
export async function agreement(
  differences: () => Promise<Differences>,
  clock: Clock = CLOCK,
): Promise<readonly string[]> {
  const began = clock.now();
  let end = began + AGREEMENT_LIMIT_MS;
  for (let right = 0; ; ) {
    const { wrong, attemptInMs } = await differences();
    right = wrong.length === 0 ? right + 1 : 0;
    if (right === 2) {
      return [];
    }
    const now = clock.now();
    if (attemptInMs !== null) {
      end = Math.max(
        end,
        now + Math.min(attemptInMs, began + LONGEST_EXTENSION_MS - now) + AGREEMENT_LIMIT_MS,
      );
    }
    if (now > end) {
      return wrong;
    }
    if (wrong.length > 0) {
      await clock.wait(PAUSE_MS);
    }
  }
}
