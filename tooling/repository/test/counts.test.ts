import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from './repository.ts';

/** Adds up results as `npm test` does. @param packages the runs of each, as the reporter writes them */
function sum(packages: Readonly<Record<string, readonly object[]>>): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'counts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, runs] of Object.entries(packages)) {
    mkdirSync(join(folder, name));
    runs.forEach((run, number) => {
      writeFileSync(join(folder, name, `${number}.json`), JSON.stringify(run));
    });
  }
  const folders = Object.keys(packages).map((name) => join(folder, name));
  const script = `import { readCounts } from ${JSON.stringify(join(root, 'tooling/tasks/lib/counts.mjs'))};
    console.log(JSON.stringify(readCounts(${JSON.stringify(folders)})));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

const skip = { name: 'a.test.ts > needs root', reason: 'only root may' };
const user = { passed: 3, failed: 0, files: ['a.test.ts', 'b.test.ts'], skips: [skip], failures: [] };
const rootRun = { passed: 2, failed: 0, files: ['a.test.ts'], skips: [], failures: [] };

test('a test that one run skips and another run of the package runs is not a skipped test', () => {
  expect(sum({ one: [user, rootRun] })).toEqual({ passed: 5, failed: 0, failures: [], skips: [] });
});

test('a test that no run of its package runs is one skipped test, with its reason', () => {
  const skips = ['a.test.ts > needs root: only root may'];
  expect(sum({ one: [user, user] })).toMatchObject({ skips });
  expect(sum({ one: [user, { ...rootRun, files: ['b.test.ts'] }] })).toMatchObject({ skips });
  expect(sum({ one: [user], two: [rootRun] })).toMatchObject({ skips });
});

test('failed tests of all runs are counted, and named with their run', () => {
  const failures = [{ name: 'b.test.ts > fails', error: 'is broken' }];
  expect(sum({ one: [{ ...rootRun, failed: 1, failures }] })).toMatchObject({
    failed: 1,
    failures: ['failed: 0: b.test.ts > fails\n  is broken'],
  });
});
