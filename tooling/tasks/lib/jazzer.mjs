import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { weakenVersions } from './elf-versions.mjs';
import { root } from './run.mjs';

/** The last release that comes with its binaries. */
const VERSION = '4.0.0';

/** Apart from the dependencies of the project: a hundred packages that only fuzzing needs. */
const home = join(root, 'node_modules/.cache/jazzer');

/**
 * Symbols that its binary takes from a glibc of 2023 and a libstdc++ of GCC 13, defined for older ones. strtol of C23
 * differs in the prefix 0b, which does not occur; iostreams are ready before their first use.
 */
const SHIM = `#include <stdlib.h>
long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }
unsigned long __isoc23_strtoul(const char *text, char **end, int base) { return strtoul(text, end, base); }
void _ZSt21ios_base_library_initv(void) {}
`;
const NEW_VERSIONS = ['GLIBC_2.38', 'GLIBCXX_3.4.32'];

/**
 * Installs jazzer.js unless it is installed.
 *
 * @returns {{ readonly command: string, readonly env: NodeJS.ProcessEnv }} how to run it
 * @throws {Error} if it cannot be installed
 */
export function installJazzer() {
  const command = join(home, 'node_modules/@jazzer.js/core/dist/cli.js');
  if (!existsSync(command)) {
    const words = [
      'install',
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      '--silent',
      '--prefix',
      home,
    ];
    const { status } = spawnSync('npm', [...words, `@jazzer.js/core@${VERSION}`], { stdio: 'inherit' });
    if (status !== 0) {
      throw new Error(`@jazzer.js/core ${VERSION} could not be installed`);
    }
  }
  const shim = join(home, 'old-glibc.so');
  if (process.platform === 'linux' && !existsSync(shim) && !loads()) {
    fitOldLibraries(shim);
  }
  return { command, env: existsSync(shim) ? { LD_PRELOAD: shim } : {} };
}

function addon() {
  return join(
    home,
    `node_modules/@jazzer.js/fuzzer/prebuilds/fuzzer-${process.platform}-${process.arch}.node`,
  );
}

function loads() {
  const { status } = spawnSync(process.execPath, ['-e', 'require(process.argv[1])', addon()], {
    stdio: 'ignore',
  });
  return status === 0;
}

/** @param {string} shim */
function fitOldLibraries(shim) {
  const source = join(home, 'old-glibc.c');
  writeFileSync(source, SHIM);
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-o', shim, source], { stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(
      'jazzer.js needs glibc 2.38, or cc(1) to fit it to an older one: apt-get install gcc libc6-dev',
    );
  }
  const file = addon();
  copyFileSync(file, `${file}.orig`);
  writeFileSync(file, weakenVersions(readFileSync(file), NEW_VERSIONS));
}
