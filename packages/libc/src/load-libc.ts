import { objectWith, text } from './arguments.ts';
import { callContext } from './calls/call-context.ts';
import { descriptorCalls } from './calls/descriptors.ts';
import { interfaceNames } from './calls/interface-names.ts';
import { ioUringCalls } from './calls/io-uring.ts';
import { mallocTrimCall, mmapCall, pin } from './calls/memory.ts';
import { processCalls } from './calls/processes.ts';
import { socketCalls } from './calls/sockets.ts';
import { sysctlCalls } from './calls/sysctl.ts';
import { syslogCalls } from './calls/syslog.ts';
import { guarded } from './guarded.ts';
import type { Libc } from './libc.ts';
import { openLibrary } from './library.ts';
import { refuseOtherMachine } from './machine.ts';
import { readable, writable } from './readable.ts';
import { hostTarget, type Target } from './target.ts';

/** The source of the calls. */
export interface LoadLibcOptions {
  /** The shared library to load the calls from, as dlopen(3) takes it. Default: the library of the target. */
  readonly library?: string;
  /** The system that the calls of the library reach. Default: the one that this process runs on. */
  readonly target?: Target;
}

/**
 * The calls of a C library. A library may lack a call (no BSD has unshare(2)): that call then returns −ENOSYS.
 *
 * @throws {Error} when the library or koffi cannot be loaded
 * @throws {UnsupportedSystemError} when no target is given and this system has no tables, or when the tables of the target do
 *   not hold on this machine
 *
 * @example
 * ```ts
 * import { loadLibc } from '@ifdepd/libc';
 *
 * const libc = loadLibc();
 * console.log(libc.close(-1)); // -9
 * ```
 */
export function loadLibc(options: LoadLibcOptions = {}): Libc {
  objectWith('loadLibc: options', options);
  if (options.target !== undefined) {
    objectWith('loadLibc: target', options.target, 'platform', 'layout', 'socket');
  }
  const target = options.target ?? hostTarget();
  refuseOtherMachine(target);
  const library = openLibrary(
    options.library === undefined ? target.library : text('loadLibc: library', options.library),
  );
  const context = callContext(library, target);
  return guarded({
    target,
    ...socketCalls(context),
    ...descriptorCalls(context),
    ...sysctlCalls(context),
    if_nameindex: interfaceNames(context),
    ...processCalls(context),
    ...ioUringCalls(context),
    mmap: mmapCall(context),
    malloc_trim: mallocTrimCall(context),
    ...syslogCalls(context),
    pin,
    readable,
    writable,
  });
}
