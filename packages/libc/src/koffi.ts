import { createRequire } from 'node:module';
import type { default as Koffi } from 'koffi';
import { hostMachine } from './target.ts';

/**
 * koffi, once {@link loadKoffi} has loaded it. A program that only names our types, or runs on a scripted `Libc`, never loads
 * machine code.
 */
export let koffi: typeof Koffi;

/** The path of this module. A bundle in CommonJS has an empty `import.meta`. */
const here =
  import.meta.filename ?? (typeof __filename === 'string' ? __filename : `${process.cwd()}/bundle.cjs`);

/**
 * Loads koffi at the first call.
 *
 * @throws {Error} where koffi is not installed, or has no machine code for this system
 */
export function loadKoffi(): void {
  try {
    koffi ??= machineCode(createRequire(here));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(
      `@ifdepd/libc cannot load koffi, which makes its system calls: ${reason}. Install koffi where ${here} can find it; a bundler must leave koffi out of the bundle`,
      { cause: error },
    );
  }
}

/**
 * koffi names its machine code `@koromix/koffi-` and the machine: a package with the functions of koffi itself. koffi's entry adds
 * only functions of earlier versions; it also reads each member of `node:util`, and from Node 22 on some members load streams and
 * worker threads: 5 to 7 ms of a start, 1 MB. Where koffi was compiled on this machine there is no such package.
 */
function machineCode(fromHere: NodeJS.Require): typeof Koffi {
  const entry = fromHere.resolve('koffi');
  try {
    return createRequire(entry)(`@koromix/koffi-${hostMachine()}`);
  } catch {
    return fromHere(entry);
  }
}
