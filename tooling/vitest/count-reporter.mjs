import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Writes what a run counted to test-results/, where `npm test` adds the packages up, and prints the reason of each
 * skipped test. The file is named after IFDEPD_TEST_RUN, so that two runs of one package do not overwrite each other.
 *
 * @implements {import('vitest/reporters').Reporter}
 */
export default class CountReporter {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules @param {ReadonlyArray<unknown>} errors */
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    /** @type {string[]} */
    const skipped = [];
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0) {
        counts.failed += 1;
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed' || result.state === 'failed') {
          counts[result.state] += 1;
        } else {
          counts.skipped += 1;
          const note = result.state === 'skipped' ? result.note : undefined;
          skipped.push(`${test.fullName}: ${note ?? 'no reason given'}`);
        }
      }
    }
    counts.failed += errors.length;
    for (const line of skipped) {
      console.log(`skipped: ${line}`);
    }
    const directory = join(process.cwd(), 'test-results');
    mkdirSync(directory, { recursive: true });
    const run = process.env['IFDEPD_TEST_RUN'] ?? 'local';
    const file = join(directory, `${basename(process.cwd())}.${run}.json`);
    writeFileSync(file, `${JSON.stringify({ ...counts, reasons: skipped })}\n`);
  }
}
