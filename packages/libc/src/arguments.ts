/**
 * Checks of arguments, for who calls without a compiler: an error names the function, the argument and the value, where the
 * kernel, or the conversion to a number of C, would take something else for it. Each returns what it was given.
 */

/** The widest numbers of C that are passed. */
export const INT = { least: -(2 ** 31), most: 2 ** 31 - 1 } as const;
export const UNSIGNED = { least: 0, most: 2 ** 32 - 1 } as const;

/** A value in a sentence: `'UP'`, `NaN`, `undefined`, `an object`. */
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
 * @param what the function and the argument: `setAdmin: to`
 * @throws {TypeError} where it is no number
 * @throws {RangeError} where it is not whole, or not from `least` to `most`
 */
export function wholeNumber(
  what: string,
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${what} is a whole number, not ${shown(value)}`);
  }
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw new RangeError(`${what} is a whole number from ${least} to ${most}, not ${value}`);
  }
  return value;
}

/** @throws {TypeError} where it is no text */
export function text(what: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw new TypeError(`${what} is a text, not ${shown(value)}`);
  }
  return value;
}

/** @throws {TypeError} where it is no text @throws {RangeError} where it is none of the words */
export function oneOf<Word extends string>(what: string, value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === text(what, value));
  if (found === undefined) {
    const known = words.map((word) => `'${word}'`).join(', ');
    throw new RangeError(`${what} is one of ${known}, not ${shown(value)}`);
  }
  return found;
}

/** @throws {TypeError} where it is no array */
export function list(what: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${what} is an array, not ${shown(value)}`);
  }
  return value;
}

/** @throws {TypeError} where it cannot be called */
export function callable(what: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${what} is a function, not ${shown(value)}`);
  }
}

/** @throws {TypeError} where it is no object @throws {TypeError} where it lacks one of the members */
export function objectWith(what: string, value: unknown, ...members: readonly string[]): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${what} is an object, not ${shown(value)}`);
  }
  for (const member of members) {
    if (!(member in value)) {
      throw new TypeError(`${what} is an object with '${member}', which this one lacks`);
    }
  }
}
