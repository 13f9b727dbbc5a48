/**
 * A scalar that YAML takes for something else than a text, where the value alone does not say how it was written: `0123` is
 * 123, `1e3` is 1000, `~` is nothing.
 */
export class Misread {
  readonly value: number | boolean | null;
  readonly written: string;

  constructor(value: Misread['value'], written: string) {
    this.value = value;
    this.written = written;
  }
}

/** What YAML takes it for, in words. */
export function kindOf(value: unknown): string {
  return value === null ? 'nothing' : typeof value === 'boolean' ? 'a boolean' : 'a number';
}
