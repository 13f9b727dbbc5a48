import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMULATED, patience } from '@ifdepd/vitest-preset/patience';
import { TestRunner } from 'vitest';

/** A test that takes this many milliseconds on a quiet machine hangs. */
const QUIET_MS = Number(process.env['IFDEPD_TEST_QUIET_MS'] ?? 30_000);

/** So does one that takes this many times longer on any machine. */
const SLOWER = 10;

/** Where running tests are noted, for the watchdog. */
const folder = process.env['IFDEPD_TESTS_RUNNING'];

// A test may replace the timers.
const { setInterval, clearInterval } = globalThis;

/**
 * A test that runs, and the time that it has (patience.mjs).
 *
 * @typedef {Readonly<{ pid: number, name: string, quietMs: number, wallMs: number }>} RunningTest
 */

/**
 * Fails a test that hangs after 30 s (IFDEPD_TEST_QUIET_MS), later where the machine is busy. A test that sets a timeout
 * has that one instead. A test that blocks its process, by a loop or by a call that waits, cannot be ended from within: the
 * watchdog ends its process.
 */
export default class Runner extends TestRunner {
  /** @param {import('vitest').RunnerTestCase} test */
  async runTask(test) {
    const run = TestRunner.getTestFn(test);
    const end = note(test);
    try {
      await (test.timeout > 0 ? run() : withinTime(run));
    } finally {
      end();
    }
  }
}

/**
 * Notes a test for as long as it runs.
 *
 * @param {import('vitest').RunnerTestCase} test
 * @returns {() => void} a function that ends it
 */
function note({ id, timeout, fullName }) {
  if (folder === undefined) return () => {};
  const [quietMs, wallMs] =
    timeout > 0 ? [timeout, timeout] : [EMULATED * QUIET_MS, EMULATED * SLOWER * QUIET_MS];
  /** @type {RunningTest} */
  const running = { pid: process.pid, name: fullName, quietMs, wallMs };
  const file = join(folder, id);
  writeFileSync(file, JSON.stringify(running));
  return () => rmSync(file, { force: true });
}

/**
 * @param {() => unknown} run
 * @throws {Error} when its time is up
 */
async function withinTime(run) {
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
