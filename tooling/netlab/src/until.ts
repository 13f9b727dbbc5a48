/**
 * Waits for a condition, asking again each time the event loop has turned and a few milliseconds have passed. The
 * limit is there to end a broken test, not to time a working one.
 *
 * @param what said in the error; a function where it is only known then
 * @param limitMs default 60,000
 * @throws {Error} where the condition does not come true
 */
export async function until<Value>(
  what: string | (() => string),
  condition: () => Value | undefined | false,
  limitMs = 60_000,
): Promise<Value> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) {
      return value;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${limitMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
