import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { bundleTarget } from './fuzz-bundle.mjs';
import { root } from './run.mjs';

/**
 * @typedef {{ readonly name: string, readonly source: string }} Target
 * @typedef {{ readonly name: string, readonly executions: number, readonly edges: number, readonly corpus: number,
 *   readonly findings: readonly string[], readonly log: string }} Outcome
 * @typedef {{ corpus: string[], regressions: { why: string, input: string }[] }} Kept
 */

/** The longest input, in bytes: a longer one reaches no other code. */
const LONGEST_INPUT = 4096;

/** After this many seconds an input counts as endless. */
const SLOWEST_SECONDS = 10;

/** @returns {readonly Target[]} the sources with a corpus beside them */
export function fuzzTargets() {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name, 'test/fuzz')))
    .flatMap((folder) => sourcesIn(folder))
    .map((source) => ({ name: basename(source, '.ts'), source }));
}

/** @param {string} folder */
function sourcesIn(folder) {
  try {
    const corpora = readdirSync(folder).filter((name) => name.endsWith('.corpus.json'));
    return corpora.map((name) => join(folder, name.replace('.corpus.json', '.ts')));
  } catch {
    return [];
  }
}

/**
 * Fuzzes a target for some seconds.
 *
 * @param {Target} target
 * @param {{ jazzer: { command: string, env: NodeJS.ProcessEnv }, seconds: number, keep: boolean,
 *   left?: import('./fuzz-guards.mjs').Guard }} options `left` is a guard to remove
 * @returns {Promise<Outcome>}
 */
export async function runTarget({ name, source }, { jazzer, seconds, keep, left }) {
  const home = join(root, 'node_modules/.cache/fuzz', left === undefined ? name : `${name}-without`);
  const folders = { seeds: join(home, 'seeds'), found: join(home, 'found'), failed: join(home, 'failed') };
  rmSync(home, { recursive: true, force: true });
  for (const folder of Object.values(folders)) {
    mkdirSync(folder, { recursive: true });
  }
  const bundle = join(home, 'target.cjs');
  await bundleTarget(source, bundle, left);
  const target = createRequire(import.meta.url)(bundle);
  const keptIn = source.replace(/\.ts$/, '.corpus.json');
  /** @type {Kept} */
  const kept = JSON.parse(readFileSync(keptIn, 'utf8'));
  const inputs = [...kept.corpus, ...kept.regressions.map(({ input }) => input)];
  for (const input of [...target.seeds, ...inputs.map((text) => Buffer.from(text, 'base64'))]) {
    write(folders.seeds, input);
  }
  const synchronous = target.fuzz.constructor.name === 'Function';
  // Only these are instrumented: not the rest of node_modules, nor the fuzzer itself.
  const words = [jazzer.command, bundle, '-i', home, '-e', 'node_modules/.cache/jazzer', '--timeout'];
  const limits = [`${SLOWEST_SECONDS * 1000}`, ...(synchronous ? ['--sync'] : [])];
  const engine = [
    `-max_total_time=${seconds}`,
    `-max_len=${LONGEST_INPUT}`,
    `-artifact_prefix=${folders.failed}/`,
    '-print_final_stats=1',
    '-rss_limit_mb=4096',
  ];
  const log = join(home, 'log');
  await logged(log, [...words, ...limits, folders.found, folders.seeds, '--', ...engine], jazzer.env);
  const failed = readdirSync(folders.failed);
  if (keep && failed.length === 0) {
    const least = join(home, 'least');
    mkdirSync(least);
    const merged = [
      ...words,
      ...limits,
      least,
      folders.seeds,
      folders.found,
      '--',
      '-merge=1',
      `-max_len=${LONGEST_INPUT}`,
    ];
    await logged(join(home, 'merge-log'), merged, jazzer.env);
    const corpus = readdirSync(least).map((file) => readFileSync(join(least, file)).toString('base64'));
    corpus.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
    writeFileSync(keptIn, `${JSON.stringify({ corpus, regressions: kept.regressions }, null, 2)}\n`);
  }
  const text = readFileSync(log, 'utf8');
  const numbers = (/** @type {RegExp} */ pattern) => Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
  return {
    name,
    executions: numbers(/number_of_executed_units: *(\d+)/g) || numbers(/^#(\d+)/gm),
    edges: numbers(/ cov: (\d+)/g),
    corpus: readdirSync(folders.found).length,
    findings: failed.map((file) => readFileSync(join(folders.failed, file)).toString('base64')),
    log,
  };
}

/** @param {string} folder @param {Uint8Array} input */
function write(folder, input) {
  writeFileSync(join(folder, createHash('sha1').update(input).digest('hex')), input);
}

/**
 * Runs Node with its output in a file.
 *
 * @param {string} log
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} env
 */
function logged(log, words, env) {
  const fd = openSync(log, 'w');
  const child = spawn(process.execPath, words, {
    cwd: dirname(log),
    stdio: ['ignore', fd, fd],
    env: { ...process.env, ...env },
  });
  closeSync(fd);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
