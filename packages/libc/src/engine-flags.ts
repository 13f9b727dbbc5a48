import { list, text } from './arguments.ts';
import { missing, openLibrary } from './library.ts';

/** `v8::V8::SetFlagsFromString(const char *)`, by the rules of the Itanium C++ ABI that all our systems have. */
const SYMBOL = '_ZN2v82V818SetFlagsFromStringEPKc';

/**
 * Sets options of V8 as `setFlagsFromString` of `node:v8` does, by the function of the interpreter that it calls itself.
 * `node:v8` brings all of Node's streams along, for heap dumps; it is loaded only where the function is not to be seen.
 *
 * @param flags as on the command line of `node`: `--no-opt`. V8 leaves out one that it does not know, with a word on
 *   stderr
 * @param library where the function is looked for, as dlopen(3) takes it. Default: this program
 */
export function setEngineFlags(flags: readonly string[], library: string | null = null): void {
  for (const flag of list('setEngineFlags: flags', flags)) {
    text('setEngineFlags: a flag', flag);
  }
  const native = openLibrary(library).bind(SYMBOL, 'void', 'str');
  const set = native === missing ? process.getBuiltinModule('node:v8').setFlagsFromString : native;
  for (const flag of flags) {
    set(flag);
  }
}
