/* Checks of arguments, for callers without a type checker. An error names the function, the argument and the value. */

/** A value as it stands in an error message. */
function shown(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? 'an object'
    : typeof value === 'function'
      ? 'a function'
      : String(value);
}

/** Returns bytes. @throws {TypeError} when the value is anything else */
export function bytesGiven(what: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(`${what} must be a Uint8Array, not ${shown(value)}`);
  }
  return value;
}

/** Returns a whole number of 32 bits. @throws {TypeError} when the value is anything else */
export function numberGiven(what: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) >= 2 ** 32) {
    throw new TypeError(`${what} must be a whole number of 32 bits, not ${shown(value)}`);
  }
  return value;
}

/** Like {@link objectGiven} without members, for what is called often: it makes no array of them. */
export function someObjectGiven(what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${what} must be an object, not ${shown(value)}`);
  }
}

/** @throws {TypeError} when the value is no object, or lacks a member */
export function objectGiven(what: string, value: unknown, ...members: readonly string[]): void {
  someObjectGiven(what, value);
  for (const member of members) {
    if (!(member in Object(value))) {
      throw new TypeError(`${what} must be an object with '${member}', which this one lacks`);
    }
  }
}
