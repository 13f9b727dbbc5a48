import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * The message of an error, the place in our code that threw it, and the difference between expected and received.
 *
 * @param {Readonly<{ message: string, stack?: string, diff?: string }>} error
 */
function text({ message, stack = '', diff = '' }) {
  const said = stack.includes(message) ? stack : `${message}\n${stack}`;
  const ours = said
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:internal|<anonymous>)/.test(line));
  return stripVTControlCharacters([...ours, diff].join('\n')).trim();
}

/**
 * Writes what a run of tests came to, to test-results/, where `npm test` adds up all packages, and prints the
 * reason of each skipped test. IFDEPD_TEST_RUN and the project are in the file name, so that two runs of one package
 * do not overwrite each other; with IFDEPD_TEST_RUN=none there is none.
 *
 * @implements {import('vitest/reporters').Reporter}
 */
export default class CountReporter {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules @param {ReadonlyArray<import('vitest/node').SerializedError>} errors */
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: 0 };
    /** @type {{ name: string, reason: string }[]} */
    const skips = [];
    /** @type {{ name: string, error: string }[]} */
    const failures = [];
    for (const module of modules) {
      const file = module.relativeModuleId;
      // A file that cannot be loaded, or a hook that fails, has no test: it counts as one.
      for (const suite of [module, ...module.children.allSuites()]) {
        const name = suite.type === 'suite' ? `${file} > ${suite.fullName}` : file;
        const thrown = suite.errors();
        failures.push(...thrown.map((error) => ({ name, error: text(error) })));
        counts.failed += thrown.length > 0 ? 1 : 0;
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed' || result.state === 'failed') {
          counts[result.state] += 1;
          const name = `${file} > ${test.fullName}`;
          failures.push(...(result.errors ?? []).map((error) => ({ name, error: text(error) })));
        } else {
          const note = result.state === 'skipped' ? result.note : undefined;
          skips.push({ name: `${file} > ${test.fullName}`, reason: note ?? 'no reason given' });
        }
      }
    }
    counts.failed += errors.length;
    failures.push(...errors.map((error) => ({ name: 'outside of tests', error: text(error) })));
    for (const { name, reason } of skips) {
      console.log(`skipped: ${name}: ${reason}`);
    }
    const files = modules.map((module) => module.relativeModuleId);
    const run = process.env['IFDEPD_TEST_RUN'] ?? 'local';
    if (run === 'none') return;
    const directory = join(process.cwd(), 'test-results');
    mkdirSync(directory, { recursive: true });
    const name = [basename(process.cwd()), run, modules[0]?.project.name].filter(Boolean).join('.');
    const path = join(directory, `${name}.json`);
    writeFileSync(path, `${JSON.stringify({ ...counts, files, skips, failures })}\n`);
  }
}
