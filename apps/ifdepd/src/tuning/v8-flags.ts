import { setEngineFlags } from '@ifdepd/libc';

/**
 * V8 13, in Node 24, compiles what is rehearsed soon enough by itself (685 and 746 µs from a cut to the destination in two
 * runs without the kernel failover, 628 and 716 without the option), and 0.4 MB less.
 */
const FIRST_EARLY = 13;

/**
 * Has the engine compile each function when it is first called, keep what it has compiled, and leave it at that.
 *
 * By default V8 interprets a function until it has been called often, and forgets the bytecode of functions that were
 * not called for a while: good for programs that run once, bad for one that sleeps for weeks and is then in a hurry.
 * Its optimising compilers in turn cost more memory than all that a daemon is: for a path that is system calls most of
 * the time. Called after the first decision, which it would delay. Does nothing under --jitless.
 */
export function compileEarly(): void {
  const early = Number.parseInt(process.versions.v8, 10) < FIRST_EARLY ? ['--always-sparkplug'] : [];
  setEngineFlags([...early, '--no-flush-bytecode', '--no-opt', '--no-maglev']);
}
