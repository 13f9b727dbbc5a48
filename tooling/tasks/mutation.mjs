// `npm run mutation [-- FILE…]` runs Stryker: it prints the share of all small changes of @ifdepd/policy that its tests
// notice, and the changes that they do not. FILE is as `src/engine/phase.ts`; without one, all of src but src/testing: half
// an hour on two cores. Stryker needs a project of its own with its plug-ins beside vitest, so it gets a temporary copy.
// Properties run 30 times (FC_NUM_RUNS) from one seed (FC_SEED), so that a result is repeatable.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

/** The last line of Stryker that runs on Node 20. */
const STRYKER = '9.6.1';

/** Tests of the built package and of its types: a changed source does not affect them. */
const OTHERS = ['package.test.ts', 'installed.test.ts', 'types.test.ts', 'consumers'];

const files = process.argv.slice(2);
const copy = mkdtempSync(join(tmpdir(), 'ifdepd-mutation-'));
try {
  prepare();
  process.exitCode = mutate();
} finally {
  rmSync(copy, { recursive: true });
}

/** Makes the copy and installs the dependencies of its tests, in the versions of this repository. */
function prepare() {
  const from = join(root, 'packages/policy');
  for (const name of ['src', 'test', 'schema.json', 'README.md'])
    cpSync(join(from, name), join(copy, name), { recursive: true });
  for (const name of OTHERS) rmSync(join(copy, 'test', name), { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(
    join(copy, 'vitest.config.mjs'),
    "export default { oxc: { tsconfig: false }, test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 } };\n",
  );
  writeFileSync(
    join(copy, 'stryker.config.json'),
    JSON.stringify({
      testRunner: 'vitest',
      mutate: files.length > 0 ? files : ['src/**/*.ts', '!src/testing/**'],
      reporters: ['json'],
      disableTypeChecks: false,
      concurrency: 2,
    }),
  );
  const here = ['vitest', 'fast-check', 'ajv', 'typescript'].map((name) => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    return `${name}@${version}`;
  });
  const stryker = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', ...here, ...stryker]);
}

/** Runs Stryker and prints the surviving changes and the score. @returns the exit code: 1 if there was nothing to change */
function mutate() {
  run('npx', ['--no-install', 'stryker', 'run'], { FC_NUM_RUNS: '30', FC_SEED: '1', ...process.env });
  const report = JSON.parse(readFileSync(join(copy, 'reports/mutation/mutation.json'), 'utf8'));
  let noticed = 0;
  let all = 0;
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    for (const { status, location, replacement, mutatorName } of mutants) {
      if (status === 'Ignored' || status === 'CompileError') continue;
      all += 1;
      if (status === 'Killed' || status === 'Timeout') {
        noticed += 1;
        continue;
      }
      const { start } = location;
      const line = source.split('\n')[start.line - 1].trim();
      console.log(
        `${file}:${start.line}:${start.column} ${status}: ${line}\n  ${replacement ?? mutatorName}`,
      );
    }
  }
  console.log(`${noticed} of ${all} changes are noticed: ${((100 * noticed) / all).toFixed(1)} %`);
  return all > 0 ? 0 : 1;
}

/** @param {string} command @param {string[]} words @param {NodeJS.ProcessEnv} [env] */
function run(command, words, env = process.env) {
  const { status } = spawnSync(command, words, { cwd: copy, env, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${words[0]} ended with ${status}`);
}
