import type { LibraryHandle } from 'koffi';
import { koffi, loadKoffi } from './koffi.ts';

/** An argument of a native call: a number, a string, memory, or the name of the type of the variadic argument after it. */
type Value = number | bigint | string | Uint8Array | Int32Array | Uint32Array | BigUint64Array | null;

/** A function of a library, as koffi gives it, without a wrapper around it. */
export type Native = (...values: readonly Value[]) => number;

/** The function that {@link Library.bind} returns for a symbol that the library does not have. */
export const missing: Native = () => -1;

/** A loaded shared library. */
export interface Library {
  /**
   * Looks a function up. All look-ups of one name must use the same signature.
   *
   * @param result the C type of the result, as koffi names it
   * @param parameters the C type of each parameter; `...` comes last when the function is variadic in C. macOS on arm64 passes
   *   variadic arguments on the stack, so with a fixed declaration the callee would read garbage
   * @returns {@link missing} when the library has no such symbol
   */
  bind(name: string, result: string, ...parameters: string[]): Native;
}

/**
 * Loads a shared library.
 *
 * @param name as dlopen(3) takes it; null is the running program with all libraries that it is linked with
 * @throws {Error} that names the library and the reason of the loader; or koffi, when koffi cannot be loaded
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
      // Outside the try, so that a mistake in the declaration does not look like a missing symbol.
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
