import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { default as Koffi } from 'koffi';
import { hostMachine } from './target.ts';

/**
 * koffi, from {@link loadKoffi} on. Not before: a program that only names our types, or runs over a scripted `Libc`, needs no
 * machine code.
 */
export let koffi: typeof Koffi;

/** This module, also in a bundle of CommonJS, where `import.meta` is empty. */
const here =
  import.meta.filename ?? (typeof __filename === 'string' ? __filename : `${process.cwd()}/bundle.cjs`);

/**
 * Loads koffi, once.
 *
 * @throws {Error} where it is not there, or has no machine code for this system
 */
export function loadKoffi(): void {
  koffi ??= load();
}

/**
 * koffi by its shortest door: the machine code for this system, which koffi's own code would find after looking for
 * others, and wrap in functions for those who still call them by older names. The same functions, 7 ms and 1.3 MB for
 * less. Where it is not where installers put it (koffi was built here, from source), koffi finds what there is.
 */
function load(): typeof Koffi {
  const folder = whereKoffiIs(dirname(here));
  try {
    const machineCode = folder === null ? null : machineCodeBeside(folder);
    const module = { exports: {} };
    if (machineCode !== null) {
      process.dlopen(module, machineCode);
    }
    if (isKoffi(module.exports)) {
      return module.exports;
    }
  } catch {}
  // No import: it brings the loader of ES modules along, which a program of CommonJS does without.
  const { createRequire } = process.getBuiltinModule('node:module');
  try {
    // A dependency of koffi's: it can be found from where koffi is, and need not from here.
    return createRequire(`${folder}/package.json`)(`@koromix/koffi-${hostMachine()}`);
  } catch {}
  try {
    return createRequire(here)('koffi');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(
      `@ifdepd/libc cannot load koffi, by which it makes system calls: ${reason}. Install koffi where ${here} can find it; a bundler has to leave it out of the bundle`,
      { cause: error },
    );
  }
}

function isKoffi(exports: object): exports is typeof Koffi {
  return 'version' in exports;
}

/**
 * The folder of koffi, as Node would find it from here. Node itself is not asked: it would look at the `exports` of
 * koffi's package as well, with patterns that take 3 ms to compile.
 */
function whereKoffiIs(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = `${folder === '/' ? '' : folder}/node_modules/koffi`;
    if (existsSync(`${path}/package.json`)) {
      // Some installers link packages to where their dependencies are beside them.
      return realpathSync.native(path);
    }
    if (folder === dirname(folder)) {
      return null;
    }
  }
}

/**
 * The file of machine code, a dependency of koffi's of the same version: below koffi's folder, or beside it. Known here is
 * the one for Linux with glibc. Which one another system needs, the package that it is in finds out.
 */
function machineCodeBeside(koffiFolder: string): string | null {
  const machine = hostMachine();
  const [system, processor] = machine.split('-');
  const file = `@koromix/koffi-${machine}/${system}_${processor}/koffi.node`;
  const found = [`${koffiFolder}/node_modules/${file}`, `${dirname(koffiFolder)}/${file}`].find(existsSync);
  return found !== undefined && isForGlibc(process.execPath) ? found : null;
}

/**
 * Whether a program is one for glibc: the name of its dynamic linker (PT_INTERP of elf(5)), `/lib64/ld-linux-x86-64.so.2`,
 * is in its first page, behind the headers. musl's is `/lib/ld-musl-x86_64.so.1`, other systems' have neither.
 */
function isForGlibc(program: string): boolean {
  const firstPage = Buffer.allocUnsafe(4096);
  const fd = openSync(program, 'r');
  try {
    return firstPage.subarray(0, readSync(fd, firstPage)).includes('/ld-linux');
  } finally {
    closeSync(fd);
  }
}
