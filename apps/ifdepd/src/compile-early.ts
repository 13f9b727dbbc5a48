import { setFlagsFromString } from 'node:v8';

/**
 * Has the engine compile each function when it is first called, and keep what it has compiled.
 *
 * By default V8 interprets a function until it has been called often, and forgets the bytecode of functions that were
 * not called for a while: good for programs that run once, bad for one that sleeps for weeks and is then in a hurry.
 * Effective for code that is loaded afterwards; does nothing under --jitless.
 */
export function compileEarly(): void {
  setFlagsFromString('--always-sparkplug');
  setFlagsFromString('--no-flush-bytecode');
}
