import { patience } from '@ifdepd/vitest-preset/patience';
import { TestRunner } from 'vitest';

/** A test that takes this many milliseconds on a quiet machine hangs. */
const QUIET_MS = Number(process.env['IFDEPD_TEST_QUIET_MS'] ?? 30_000);

/** So does one that takes this many times longer on any machine. */
const SLOWER = 10;

// A test may replace the timers.
const { setInterval, clearInterval } = globalThis;

/**
 * Fails a test that hangs after 30 s (IFDEPD_TEST_QUIET_MS), later where the machine is busy. A test that sets a timeout
 * has that one instead. A test that blocks its process, by a loop or by a call that waits, cannot be ended from within.
 */
export default class Runner extends TestRunner {
  /** @param {import('vitest').RunnerTestCase} test */
  async runTask(test) {
    const run = TestRunner.getTestFn(test);
    if (test.timeout > 0) return run();
    const over = patience(QUIET_MS, SLOWER * QUIET_MS);
    /** @type {NodeJS.Timeout | undefined} */
    let watch;
    try {
      await Promise.race([
        run(),
        new Promise((_, reject) => {
          const check = () =>
            over() && reject(new Error(`the test hangs: it has not ended after ${QUIET_MS} ms`));
          watch = setInterval(check, 500);
          watch.unref();
        }),
      ]);
    } finally {
      clearInterval(watch);
    }
  }
}
