/**
 * A number that is not written as a person would say it: `0123` is 123 to YAML, `1e3` is 1000, and what the author meant by
 * it the value alone does not say.
 */
export class OddNumber {
  readonly value: number;
  readonly written: string;

  constructor(value: number, written: string) {
    this.value = value;
    this.written = written;
  }
}

/** The value itself, of an {@link OddNumber} its number. */
export function plainValue(value: unknown): unknown {
  return value instanceof OddNumber ? value.value : value;
}

/** A mapping of the document. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof OddNumber)
  );
}
