import { shown } from './arguments.ts';
import type { Libc, Result } from './libc.ts';
import { SystemError } from './system-error.ts';

/**
 * The result of a call that has to succeed.
 *
 * @param syscall the call as a person looks it up, `ioctl SIOCGIFFLAGS`
 * @param subject what it was done to
 * @throws {SystemError} where the result is a negated errno
 */
export function must(libc: Libc, result: Result, syscall: string, subject: string): number {
  if (typeof result !== 'number' || !Number.isInteger(result)) {
    throw new TypeError(`must: result is what a call returned, a whole number, not ${shown(result)}`);
  }
  if (result < 0) {
    throw new SystemError(libc.target, -result, syscall, subject);
  }
  return result;
}
