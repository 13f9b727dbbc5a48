import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './run.mjs';

/** The folders in which test runs write their counts. */
function resultFolders() {
  return ['packages', 'apps', 'tooling'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name, 'test-results')),
  );
}

/** Deletes the results of earlier runs. */
export function clearCounts() {
  for (const folder of resultFolders()) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a run of the tests of one package came to: count-reporter.mjs writes it.
 *
 * @typedef {Readonly<{ passed: number, failed: number, files: readonly string[], skips: readonly Skip[],
 *   failures: ReadonlyArray<Readonly<{ name: string, error: string }>> }>} Result
 * @typedef {Readonly<{ name: string, reason: string }>} Skip the name begins with the file
 */

/**
 * Adds up the counts of all test runs, lists the failed tests, and those that one run skipped and no other one has run.
 *
 * @param {readonly string[]} [folders] one for each package
 */
export function readCounts(folders = resultFolders()) {
  /** @type {string[]} */
  const failures = [];
  /** @type {string[]} */
  const skips = [];
  const sum = { passed: 0, failed: 0, failures, skips };
  for (const folder of folders.filter((path) => existsSync(path))) {
    /** @type {Result[]} */
    const results = [];
    for (const file of readdirSync(folder)) {
      /** @type {Result} */
      const result = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      results.push(result);
      sum.passed += result.passed;
      sum.failed += result.failed;
      for (const { name, error } of result.failures) {
        failures.push(`failed: ${basename(file, '.json')}: ${name}\n${error.replaceAll(/^/gm, '  ')}`);
      }
    }
    const left = results.flatMap(({ skips: own }) => own.filter(({ name }) => !results.some(ran(name))));
    skips.push(...new Set(left.map(({ name, reason }) => `${name}: ${reason}`)));
  }
  return sum;
}

/** @param {string} name of a test @returns {(result: Result) => boolean} whether a run has run it */
function ran(name) {
  return ({ files, skips }) =>
    files.some((file) => name.startsWith(`${file} > `)) && !skips.some((skip) => skip.name === name);
}
