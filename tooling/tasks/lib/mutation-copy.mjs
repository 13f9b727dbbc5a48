import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

/** The last line of Stryker that runs on Node 20. */
const STRYKER = '9.6.1';

/** Tests that need a kernel or a build, and those of the types: a changed source does not affect them. */
const OTHERS = ['netns.test', 'packed.test', 'package.test', 'installed.test', 'types.test'].map(
  (kind) => `**/*${kind}.ts`,
);

/** Histories of a whole daemon: they take long, and find what no other test does. */
const LAST = 'tooling/simulator/test/play.test.ts';

const PLUGIN = './tooling/tasks/lib/mutation-sample.mjs';

/**
 * Copies the repository to a temporary folder, with the same dependencies, and installs Stryker beside them: it changes sources
 * in place.
 *
 * @param {string} folder of the package whose sources are changed
 * @param {readonly string[]} files patterns of them, from that folder; `!` before one leaves files out
 * @param {readonly string[]} tests patterns of the tests, from that folder
 * @param {boolean} sample whether the changes to try are chosen by MUTATION_SAMPLE and MUTATION_SEED
 * @returns {string} the copy, which the caller has to remove
 */
export function copyWithStryker(folder, files, tests, sample) {
  const copy = mkdtempSync(join(tmpdir(), 'ifdepd-mutation-'));
  const { stdout } = spawnSync('git', ['ls-files', '-zco', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  for (const file of stdout.split('\0').filter(Boolean)) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@ifdepd') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  cpSync(join(root, 'node_modules/@ifdepd'), join(modules, '@ifdepd'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  install(join(copy, 'stryker'));
  writeFileSync(join(copy, 'vitest.config.mjs'), vitestConfig(folder, tests));
  writeFileSync(
    join(copy, 'stryker.config.json'),
    JSON.stringify({
      testRunner: 'vitest',
      inPlace: true,
      mutate: files.map((file) =>
        file.startsWith('!') ? `!${folder}/${file.slice(1)}` : `${folder}/${file}`,
      ),
      plugins: ['@stryker-mutator/*', PLUGIN],
      checkers: sample ? ['sample'] : [],
      reporters: ['json', 'progress-append-only', 'survivors'],
      disableTypeChecks: false,
      // With two, the checker is one process and knows the whole sample; when it has ended, tests run in two.
      concurrency: 2,
      // Wide, as the machine may be busy: what loops is ended by the count of its loops, what waits by the runner of the tests.
      timeoutMS: 60_000,
      dryRunTimeoutMinutes: 30,
    }),
  );
  return copy;
}

/** @param {string} folder */
function install(folder) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const words = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  // vitest is the one of this repository, beside which Stryker stands.
  const quiet = ['--no-audit', '--no-fund', '--silent', '--legacy-peer-deps'];
  const { status } = spawnSync('npm', ['install', ...quiet, ...words], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`npm install of Stryker ended with ${status}`);
}

/**
 * @param {string} folder
 * @param {readonly string[]} tests
 * @returns {string} a configuration of vitest: unit tests of the package; last, those of the simulator
 */
function vitestConfig(folder, tests) {
  const include = tests.map((pattern) => `${folder}/${pattern}`);
  const all = [...include, ...(folder.startsWith('apps/') ? [LAST] : [])];
  return `import { preset } from '@ifdepd/vitest-preset';
import { quickFirst } from './tooling/tasks/lib/quick-first.mjs';

const [unit] = preset({ isolate: true }).test.projects;
// Stryker asks for threads, in which a test cannot become another user.
const forks = { name: 'forks', configureVitest: ({ project }) => void (project.config.pool = 'forks') };
export default {
  ...unit,
  plugins: [forks],
  test: {
    ...unit.test,
    include: ${JSON.stringify(all)},
    exclude: ${JSON.stringify(OTHERS)},
    sequence: { sequencer: quickFirst('/${LAST}') },
  },
};
`;
}
