// `npm test` runs every check: lint, types, builds, unit tests, and the tests in network namespaces on the real kernel.
// The latter run as an ordinary user. If this process is root, those that depend on root run as root too; with
// `npm test -- --everything`, all of them do, and each call of a reload fails with each errno at each position.

import { parseArgs } from 'node:util';
import { installNodeLines } from '@ifdepd/node-lines';
import { clearCounts, readCounts } from './lib/counts.mjs';
import { oneKernel, whyNoKernel } from './lib/one-kernel.mjs';
import { unitTestsOnOtherLines } from './lib/other-lines.mjs';
import { begin, run, succeeds, turbo } from './lib/run.mjs';

const { everything } = parseArgs({ options: { everything: { type: 'boolean', default: false } } }).values;
const isRoot = process.getuid?.() === 0;
const asUser = ['unshare', '--user', '--map-root-user'];
const usersMay = succeeds('unshare', [...asUser.slice(1), '--net', 'true']);
/** @type {string[]} */
const broken = [];
/** @type {string[]} */
const times = [];
/** @type {string[]} */
const left = [];

/** @param {string} title @param {() => number | Promise<number>} work */
async function stage(title, work) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const status = await work();
  times.push(`${Math.round((performance.now() - start) / 1000)} s: ${title}`);
  if (status !== 0) {
    broken.push(`${title}: failed with exit code ${status}`);
    console.log(`== ${broken.at(-1)}`);
  }
}

/** @param {string} title @param {string} reason */
function skip(title, reason) {
  left.push(`${title}: ${reason}`);
  console.log(`\n== ${title}\nskipped: ${reason}`);
}

clearCounts();
const noLines = installNodeLines();

await stage('lint', () => run('biome', ['check', '--error-on-warnings', '.']));
await stage('build, types and unit tests', () =>
  turbo(
    [
      'run',
      'build',
      'types',
      'test',
      'test:properties',
      'test:packed',
      '--continue',
      '--output-logs=new-only',
      '--log-order=grouped',
    ],
    {
      IFDEPD_TEST_RUN: 'unit',
    },
  ),
);

if (noLines === null) {
  await stage('unit tests of the lower layers on Node 22, 24 and 26', unitTestsOnOtherLines);
} else {
  skip('tests on Node 22, 24 and 26', noLines);
}

const noKernel = whyNoKernel();
// It waits more than it computes, and so do the network tests: it runs beside them.
const kernel = noKernel === null ? begin(process.execPath, oneKernel) : null;

// `--only`: what was built must not be written again while the virtual machine's copy of it is packed.
/** @param {string} task */
const netns = (task) => [
  'run',
  task,
  '--only',
  '--continue',
  '--output-logs=new-only',
  '--log-order=grouped',
];
if (process.platform !== 'linux') {
  skip('tests in network namespaces', 'only Linux has network namespaces');
} else if (!succeeds('ip', ['-V'])) {
  await stage('tests in network namespaces', () => {
    console.log(
      'ip(8) is missing. Install iproute2: apt-get install iproute2, dnf install iproute, apk add iproute2',
    );
    return 1;
  });
} else {
  if (isRoot) {
    const [task, which] =
      usersMay && !everything ? ['test:netns:root', ' that depend on it'] : ['test:netns', ''];
    await stage(`tests in network namespaces${which}, as root`, () => {
      const sweep = everything ? 'all' : 'some';
      const code = turbo(netns(task), { IFDEPD_TEST_RUN: 'root', IFDEPD_TEST_SWEEP: sweep });
      // Linux has one lock for all interfaces, and holds it while it removes those of the last tests.
      succeeds('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']);
      return code;
    });
  }
  if (usersMay) {
    await stage('tests in network namespaces, as an ordinary user', () =>
      turbo(netns('test:netns'), { IFDEPD_TEST_RUN: 'user' }, asUser),
    );
  } else {
    skip(
      'tests in network namespaces, as an ordinary user',
      'this system gives ordinary users no network namespace of their own (unshare -Urn true fails; see ' +
        'kernel.unprivileged_userns_clone, user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns)',
    );
  }
}

if (kernel !== null) {
  await stage("Debian's kernel in a virtual machine, what the network tests left of it", async () => {
    const { status, output } = await kernel;
    console.log(output);
    return status;
  });
} else {
  skip("Debian's kernel in a virtual machine", String(noKernel));
}

const { passed, failed, failures, skips } = readCounts();
// A test whose reason names root, and which is in no list of those that run as root, would never run.
if (isRoot && usersMay) {
  const unlisted = skips.filter((line) => /: [^:]*\broot\b[^:]*$/.test(line));
  broken.push(...unlisted.map((line) => `${line}; add its file to \`root\` in vitest.config.ts`));
}
left.push(...skips);
// The output is long: the failures are repeated at its end, where people look first.
console.log(['', ...broken.map((stage) => `== ${stage}`), ...failures].join('\n\n'));
console.log(left.map((line) => `\nskipped: ${line}`).join(''));
console.log(`\n${times.join('\n')}`);
// A stage can break without a failed test: lint, types, a build, a crash.
const allFailed = broken.length > 0 ? Math.max(failed, 1) : failed;
console.log(`\n${passed} passed, ${allFailed} failed, ${left.length} skipped`);
process.exitCode = allFailed > 0 ? 1 : 0;
