// `npm run mutation -- ROOM [FILE…] [--sample N] [--seed S]` runs Stryker: it prints the share of all small changes of a part
// of the source that unit tests notice, and the changes that they do not. ROOM is policy, engine, linkwatch or netif; FILE is as
// `src/engine/phase.ts`, from the folder of its package. Without `--sample` it tries all changes, which takes long but for
// policy; with it, N of them, chosen by the seed (default 1), and prints the interval of 95 %. The
// histories of the simulator run last, against the changes of the daemon that nothing else notices. Properties run 30 times (FC_NUM_RUNS)
// from one seed (FC_SEED), so that a result is repeatable.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyWithStryker } from './lib/mutation-copy.mjs';

/** Each part: the folder of its package and what is changed in it. @type {Record<string, Readonly<{ folder: string, files: string[] }>>} */
const ROOMS = {
  policy: { folder: 'packages/policy', files: ['src/**/*.ts', '!src/testing/**'] },
  engine: { folder: 'apps/ifdepd', files: ['src/engine/**/*.ts'] },
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
    values.sample !== undefined,
  );
  try {
    process.exitCode = mutate(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/**
 * Runs Stryker in the copy and prints the surviving changes and the score.
 *
 * @param {string} copy
 * @returns {number} the exit code: 1 if there was nothing to change
 */
function mutate(copy) {
  const chosen = { MUTATION_SAMPLE: values.sample, MUTATION_SEED: values.seed };
  const env = { FC_NUM_RUNS: '30', FC_SEED: '1', ...process.env, ...chosen };
  const { status } = spawnSync(join(copy, 'stryker/node_modules/.bin/stryker'), ['run'], {
    cwd: copy,
    env,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`stryker ended with ${status}`);
  const report = JSON.parse(readFileSync(join(copy, 'reports/mutation/mutation.json'), 'utf8'));
  /** @type {Record<string, number>} */
  const counts = {};
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    for (const { status, location, replacement, mutatorName } of mutants) {
      counts[status] = (counts[status] ?? 0) + 1;
      if (status !== 'Survived' && status !== 'NoCoverage') continue;
      const { line, column } = location.start;
      const text = source.split('\n')[line - 1].trim();
      console.log(`${file}:${line}:${column} ${status}: ${text}\n  ${replacement ?? mutatorName}`);
    }
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
