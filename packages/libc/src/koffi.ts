import { createRequire } from 'node:module';
import type { default as Koffi } from 'koffi';

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
    koffi ??= createRequire(here)('koffi');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(
      `@ifdepd/libc cannot load koffi, which makes its system calls: ${reason}. Install koffi where ${here} can find it; a bundler must leave koffi out of the bundle`,
      { cause: error },
    );
  }
}
