import { patience } from '@ifdepd/vitest-preset/patience';

/** How many times longer than on a quiet machine it may take on any. */
const SLOWER = 6;

/** A promise is no answer: it is true before anything has happened. */
type Answered<Value> = Value extends PromiseLike<unknown> ? 'the condition must not be async' : unknown;

/**
 * Waits for a condition, asking again each time the event loop has turned and a few milliseconds have passed. The
 * limit ends a broken test: after 10 s on a quiet machine, later on a busy one.
 *
 * @param what said in the error; a function where it is only known then
 * @param condition answers at once, without a promise
 * @param quietMs the limit on a quiet machine; six times as much on any
 * @throws {Error} where the condition does not come true
 * @throws {TypeError} where the condition returns a promise
 */
export async function until<Value>(
  what: string | (() => string),
  condition: (() => Value | undefined | false) & Answered<Value>,
  quietMs = 10_000,
): Promise<Value> {
  const over = patience(quietMs, SLOWER * quietMs);
  for (;;) {
    const value = condition();
    if (value instanceof Promise) {
      throw new TypeError('until() takes no async condition: a promise is true before anything has happened');
    }
    if (value !== undefined && value !== false) {
      return value;
    }
    if (over()) {
      throw new Error(`waited in vain: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
