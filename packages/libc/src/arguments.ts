/**
 * Checks of arguments, for callers without a type checker. Unchecked, the kernel or the conversion to a C number would take a
 * wrong value for something else. An error names the function, the argument and the value.
 */

/** The ranges of `int` and `unsigned int` in C. */
export const INT = { least: -(2 ** 31), most: 2 ** 31 - 1 } as const;
export const UNSIGNED = { least: 0, most: 2 ** 32 - 1 } as const;

/** A value as it stands in an error message: `'UP'`, `NaN`, `undefined`, `an object`. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}

/**
 * Returns a whole number in a range.
 *
 * @param what the function and the argument, such as `setAdmin: to`
 * @throws {TypeError} when the value is not a number
 * @throws {RangeError} when it is not whole, or not from `least` to `most`
 */
export function wholeNumber(
  what: string,
  value: unknown,
  range: { readonly least: number; readonly most: number },
): number {
  if (typeof range?.least !== 'number' || typeof range.most !== 'number') {
    throw new TypeError(`wholeNumber: range must have numbers 'least' and 'most', not ${shown(range)}`);
  }
  const { least, most } = range;
  if (typeof value !== 'number') {
    throw new TypeError(`${what} must be a whole number, not ${shown(value)}`);
  }
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw new RangeError(`${what} must be a whole number from ${least} to ${most}, not ${value}`);
  }
  return value;
}

/** Returns a string. @throws {TypeError} when the value is anything else */
export function text(what: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw new TypeError(`${what} must be a string, not ${shown(value)}`);
  }
  return value;
}

/**
 * Returns one of the words.
 *
 * @throws {TypeError} when the value is not a string
 * @throws {RangeError} when it is none of the words
 */
export function oneOf<Word extends string>(what: string, value: unknown, words: readonly Word[]): Word {
  list('oneOf: words', words);
  const found = words.find((word) => word === text(what, value));
  if (found === undefined) {
    const known = words.map((word) => `'${word}'`).join(', ');
    throw new RangeError(`${what} must be one of ${known}, not ${shown(value)}`);
  }
  return found;
}

/** Returns an array. @throws {TypeError} when the value is anything else */
export function list(what: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${what} must be an array, not ${shown(value)}`);
  }
  return value;
}

/** @throws {TypeError} when the value is not a function */
export function callable(what: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${what} must be a function, not ${shown(value)}`);
  }
}

/** @throws {TypeError} when the value is not an object, or lacks one of the members */
export function objectWith(what: string, value: unknown, ...members: readonly string[]): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${what} must be an object, not ${shown(value)}`);
  }
  for (const member of members) {
    if (!(member in value)) {
      throw new TypeError(`${what} must be an object with '${member}', which this one lacks`);
    }
  }
}
