// `npm run mutation -- ROOM [FILE…] [--sample N] [--seed S]` runs Stryker: it makes all small changes of a part of the source, each by
// itself, and prints each one that no unit test notices, as soon as that is known; at the end the share of those that tests notice.
// ROOM is policy, engine, linkwatch or netif; FILE is as `src/engine/phase.ts`, from the folder of its package. Without `--sample` it
// tries all changes, which takes long but for policy; with it, N of them, chosen by the seed (default 1), and prints the interval
// of 95 %. The histories of the simulator run last, against the changes of the daemon that nothing else notices. Properties run 30
// times (FC_NUM_RUNS) from one seed (FC_SEED), so that a result is repeatable.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyWithStryker } from './lib/mutation-copy.mjs';
import { root } from './lib/run.mjs';

/**
 * Each part: the folder of its package, what is changed in it, and the tests of it, but for those that take long. Default: all unit
 * tests of the package
 *
 * @type {Record<string, Readonly<{ folder: string, files: string[], tests?: string[] }>>}
 */
const ROOMS = {
  policy: { folder: 'packages/policy', files: ['src/**/*.ts', '!src/testing/**'] },
  engine: {
    folder: 'apps/ifdepd',
    files: ['src/engine/**/*.ts'],
    tests: [
      'test/{engine,linux,daemon,report,identity}/**/!(*.property).test.ts',
      'test/bsd/!(failing-calls|slow-destinations).test.ts',
    ],
  },
  linkwatch: { folder: 'packages/linkwatch', files: ['src/**/*.ts', '!src/testing/**'] },
  netif: { folder: 'packages/netif', files: ['src/**/*.ts', '!src/testing/**'] },
};

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const [name = '', ...files] = positionals;
const room = ROOMS[name];
if (room === undefined) {
  console.error(`mutation: give one of ${Object.keys(ROOMS).join(', ')} (npm run mutation -- engine)`);
  process.exitCode = 2;
} else {
  const copy = copyWithStryker(
    room.folder,
    files.length > 0 ? files : room.files,
    room.tests ?? ['test/**/*.test.ts'],
    values.sample !== undefined,
  );
  try {
    process.exitCode = mutate(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/**
 * Runs Stryker in the copy, which prints each surviving change to its descriptor 3, and prints the score.
 *
 * @param {string} copy
 * @returns {number} the exit code: 1 if there was nothing to change
 */
function mutate(copy) {
  const chosen = { MUTATION_ROOT: root, MUTATION_SAMPLE: values.sample, MUTATION_SEED: values.seed };
  const env = { FC_NUM_RUNS: '30', FC_SEED: '1', ...process.env, ...chosen };
  const { status } = spawnSync(join(copy, 'stryker/node_modules/.bin/stryker'), ['run'], {
    cwd: copy,
    env,
    stdio: ['ignore', 2, 2, 1],
  });
  if (status !== 0) throw new Error(`stryker ended with ${status}`);
  const report = JSON.parse(readFileSync(join(copy, 'reports/mutation/mutation.json'), 'utf8'));
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { mutants } of Object.values(report.files)) {
    for (const { status } of mutants) counts[status] = (counts[status] ?? 0) + 1;
  }
  return printScore(counts);
}

/**
 * The checker refuses the changes that are not in the sample (CompileError). A change that makes tests throw outside of a test
 * (RuntimeError), or never end (Timeout), is noticed.
 *
 * @param {Record<string, number>} counts of changes by what became of them
 */
function printScore({
  Killed = 0,
  Timeout = 0,
  RuntimeError = 0,
  Survived = 0,
  NoCoverage = 0,
  CompileError = 0,
}) {
  const noticed = Killed + Timeout + RuntimeError;
  const tried = noticed + Survived + NoCoverage;
  const all = tried + CompileError;
  const share = noticed / Math.max(1, tried);
  const unknown = CompileError / Math.max(1, all - 1);
  const interval = 1.96 * Math.sqrt((share * (1 - share) * unknown) / Math.max(1, tried));
  const score = `${(100 * share).toFixed(1)} %${CompileError > 0 ? ` ± ${(100 * interval).toFixed(1)}` : ''}`;
  console.log(`${noticed} of ${tried} changes are noticed, of ${all} in all: ${score}`);
  return tried > 0 ? 0 : 1;
}
