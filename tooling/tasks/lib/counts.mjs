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

/** Adds up the counts of all test runs, and lists the failed tests. */
export function readCounts() {
  /** @type {string[]} */
  const failures = [];
  const sum = { passed: 0, failed: 0, skipped: 0, files: 0, failures };
  for (const folder of resultFolders().filter((path) => existsSync(path))) {
    for (const file of readdirSync(folder)) {
      const counts = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      sum.passed += counts.passed;
      sum.failed += counts.failed;
      sum.skipped += counts.skipped;
      sum.files += 1;
      for (const { name, error } of counts.failures) {
        failures.push(`failed: ${basename(file, '.json')}: ${name}\n${error.replaceAll(/^/gm, '  ')}`);
      }
    }
  }
  return sum;
}
