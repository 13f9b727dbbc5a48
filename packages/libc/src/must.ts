import { shown } from './arguments.ts';
import type { Libc, Result } from './libc.ts';
import { SystemError } from './system-error.ts';

/**
 * Returns the result of a call that has to succeed.
 *
 * @param syscall the call under the name that manuals use, such as `ioctl SIOCGIFFLAGS`
 * @param subject the object of the call, such as the name of an interface
 * @throws {SystemError} when the result is a negated errno
 *
 * @example
 * ```ts
 * import { loadLibc, must, SystemError } from '@ifdepd/libc';
 *
 * const libc = loadLibc();
 * try {
 *   must(libc, libc.close(-1), 'close', 'descriptor −1');
 * } catch (error) {
 *   console.log(error instanceof SystemError && `${error.subject}: ${error.code}`); // descriptor −1: EBADF
 * }
 * ```
 */
export function must(libc: Libc, result: Result, syscall: string, subject: string): number {
  if (typeof result !== 'number' || !Number.isInteger(result)) {
    throw new TypeError(`must: result must be what a call returned, a whole number, not ${shown(result)}`);
  }
  if (result < 0) {
    throw new SystemError(libc.target, -result, syscall, subject);
  }
  return result;
}
