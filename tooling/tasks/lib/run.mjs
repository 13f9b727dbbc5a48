import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { machine } from './machine.mjs';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** No tool of ours calls home. */
const quiet = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };

const PATH = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);

/**
 * Runs a program in the root of the repository. It shares standard output and standard error.
 *
 * @param {string} command
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {number} its exit code
 */
export function run(command, words, env = {}) {
  const { status, error } = spawnSync(command, words, {
    ...options(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) {
    console.error(`cannot run ${command}: ${error.message}`);
    return 127;
  }
  return status ?? 1;
}

/** @param {NodeJS.ProcessEnv} [env] */
function options(env = {}) {
  return { cwd: root, env: { ...process.env, ...quiet, PATH, ...env } };
}

/**
 * Begins to run a program, beside what follows.
 *
 * @param {string} command
 * @param {readonly string[]} words
 * @param {Readonly<{ cwd?: string, env?: NodeJS.ProcessEnv }>} [where] default: the root of the repository
 * @returns {Promise<{ status: number, output: string }>} its exit code and all that it has printed, when it has ended
 */
export async function begin(command, words, { cwd = root, env } = {}) {
  const child = spawn(command, words, { ...options(env), cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = [child.stdout, child.stderr].map((stream) => text(stream));
  const status = await new Promise((resolve) => {
    child.once('error', () => resolve(127)).once('close', (code) => resolve(code ?? 1));
  });
  return { status, output: (await Promise.all(texts)).join('') };
}

/**
 * Runs turbo. A build begins with no built files: turbo restores those of its cache beside the ones that are there, and the names
 * of chunks change with their content.
 *
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} [env]
 * @param {readonly string[]} [wrapper] a program that runs turbo, with its arguments
 * @returns {number} its exit code
 */
export function turbo(words, env, wrapper = []) {
  if (words.includes('build')) {
    removeBuilt();
  }
  const [command = 'turbo', ...rest] = [...wrapper, 'turbo', ...words];
  return run(command, rest, { ...env, IFDEPD_TEST_MACHINE: machine() });
}

function removeBuilt() {
  for (const folder of ['apps', 'packages']) {
    for (const name of readdirSync(join(root, folder))) {
      rmSync(join(root, folder, name, 'dist'), { recursive: true, force: true });
    }
  }
}

/**
 * Whether a program exists and exits with 0. Its output is discarded.
 *
 * @param {string} command
 * @param {readonly string[]} words
 */
export function succeeds(command, words) {
  return spawnSync(command, words, { stdio: 'ignore' }).status === 0;
}
