import type { LibraryHandle } from 'koffi';
import { koffi, loadKoffi } from './koffi.ts';

/** What a call takes: numbers, text, memory, the type of a variadic argument before it. */
type Value = number | bigint | string | Uint8Array | Int32Array | Uint32Array | BigUint64Array | null;

/** A function of a library, as koffi calls it: no wrapper stands between. */
export type Native = (...values: readonly Value[]) => number;

/** What {@link Library.bind} gives for a symbol that the library does not have. */
export const missing: Native = () => -1;

/** A loaded shared library. */
export interface Library {
  /**
   * Looks a function up. A name can be looked up once only where its signature is the same each time.
   *
   * @param result koffi's name of the C type
   * @param parameters of each parameter, `...` last where the function is variadic in C: macOS on arm64 passes
   *   variadic arguments on the stack, so that a fixed declaration would make the callee read garbage
   * @returns {@link missing} where the library has no such symbol
   */
  bind(name: string, result: string, ...parameters: string[]): Native;
}

/**
 * Loads a shared library.
 *
 * @param name as dlopen(3) takes it; null is the running program with all that it is linked to
 * @throws {Error} that names the library and what the loader said, or koffi where that cannot be loaded
 */
export function openLibrary(name: string | null): Library {
  loadKoffi();
  const handle = load(name);
  return {
    bind(symbol, result, ...parameters) {
      try {
        handle.symbol(symbol);
      } catch {
        return missing;
      }
      // Outside the try: a mistake in the declaration must not look like a symbol that is not there.
      return handle.func(symbol, result, parameters) as unknown as Native;
    },
  };
}

function load(name: string | null): LibraryHandle {
  try {
    return koffi.load(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot load the C library ${name ?? 'of this program'}: ${reason}`, { cause: error });
  }
}
