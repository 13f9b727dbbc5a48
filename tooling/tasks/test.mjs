// `npm test` runs every check: lint, types, builds, unit tests, and the tests in network namespaces on the real kernel.
// The latter run as an ordinary user, and also as root if this process is root.

import { installNodeLines } from '@ifdepd/node-lines';
import { clearCounts, readCounts } from './lib/counts.mjs';
import { oneKernel, whyNoKernel } from './lib/one-kernel.mjs';
import { run, succeeds, turbo } from './lib/run.mjs';

const asUser = ['unshare', '--user', '--map-root-user'];
/** @type {string[]} */
const broken = [];
/** @type {string[]} */
const times = [];
let left = 0;

/** @param {string} title @param {() => number} work */
function stage(title, work) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const status = work();
  times.push(`${Math.round((performance.now() - start) / 1000)} s: ${title}`);
  if (status !== 0) {
    broken.push(`${title}: failed with exit code ${status}`);
    console.log(`== ${broken.at(-1)}`);
  }
}

/** @param {string} title @param {string} reason */
function skip(title, reason) {
  left += 1;
  console.log(`\n== ${title}\nskipped: ${reason}`);
}

clearCounts();
const noLines = installNodeLines();
if (noLines !== null) {
  console.log(`Node 22, 24 and 26 are not tested: ${noLines}`);
}

stage('lint', () => run('biome', ['check', '--error-on-warnings', '.']));
stage('build, types and unit tests', () =>
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

const netns = ['run', 'test:netns', '--continue', '--output-logs=new-only', '--log-order=grouped'];
if (process.platform !== 'linux') {
  skip('tests in network namespaces', 'only Linux has network namespaces');
} else if (!succeeds('ip', ['-V'])) {
  stage('tests in network namespaces', () => {
    console.log(
      'ip(8) is missing. Install iproute2: apt-get install iproute2, dnf install iproute, apk add iproute2',
    );
    return 1;
  });
} else {
  if (process.getuid?.() === 0) {
    stage('tests in network namespaces, as root', () => {
      const code = turbo(netns, { IFDEPD_TEST_RUN: 'root' });
      // Linux has one lock for all interfaces, and holds it while it removes those of the last tests.
      succeeds('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']);
      return code;
    });
  }
  if (succeeds('unshare', [...asUser.slice(1), '--net', 'true'])) {
    stage('tests in network namespaces, as an ordinary user', () =>
      turbo(netns, { IFDEPD_TEST_RUN: 'user' }, asUser),
    );
  } else {
    skip(
      'tests in network namespaces, as an ordinary user',
      'this system gives ordinary users no network namespace of their own (unshare -Urn true fails; see ' +
        'kernel.unprivileged_userns_clone, user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns)',
    );
  }
}

const noKernel = whyNoKernel();
if (noKernel === null) {
  stage("Debian's kernel in a virtual machine", () => run(process.execPath, oneKernel));
} else {
  skip("Debian's kernel in a virtual machine", noKernel);
}

const { passed, failed, skipped, failures } = readCounts();
// The output is long: the failures are repeated at its end, where people look first.
console.log(['', ...broken.map((stage) => `== ${stage}`), ...failures].join('\n\n'));
console.log(`\n${times.join('\n')}`);
// A stage can break without a failed test: lint, types, a build, a crash.
const allFailed = broken.length > 0 ? Math.max(failed, 1) : failed;
console.log(`\n${passed} passed, ${allFailed} failed, ${skipped + left} skipped`);
process.exitCode = allFailed > 0 ? 1 : 0;
