/** What no parameter takes. */
export const JUNK: readonly unknown[] = [undefined, null, 5, 'x', {}, [], Number.NaN, () => {}];

/** Errors of the JavaScript engine, which name neither the argument nor its value. */
const UNCLEAR =
  /Cannot (?:read|destructure|mix|convert|set|use 'in')|is not (?:a function|iterable|a constructor)|out of bounds|Invalid array length|Right-hand side/;

/** Whether an error does not say which argument is wrong. */
export function isUnclear(error: unknown): boolean {
  return !(error instanceof Error) || UNCLEAR.test(error.message);
}
