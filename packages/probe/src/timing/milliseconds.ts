import { shown } from '@ifdepd/libc';

/**
 * Returns a moment or a duration.
 *
 * @param what the function and the argument
 * @throws {TypeError} when the value is not a finite number
 */
export function milliseconds(what: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`${what} must be a number of milliseconds, not ${shown(value)}`);
  }
  return value;
}
