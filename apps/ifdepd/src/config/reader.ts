import { MOST_ISSUES } from './config-error.ts';
import type { ConfigPath } from './document.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { kindOf, Misread } from './misread.ts';
import { suggestion } from './nearest.ts';

/** Something wrong, before it is known where in the file that is. */
export interface Fault {
  readonly path: ConfigPath;
  readonly what: 'key' | 'value';
  readonly message: string;
}

/** Thrown where more is wrong than anybody would read. */
export class TooManyFaults extends Error {}

/** A value of the configuration and where it stands. What is wrong with it is noted, and reading goes on. */
export class Reader {
  readonly value: unknown;
  readonly path: ConfigPath;
  /** As it is written, where YAML takes it for something else than a text; else undefined. */
  readonly written: string | undefined;
  readonly #faults: Fault[];

  constructor(faults: Fault[], value: unknown, path: ConfigPath = []) {
    this.#faults = faults;
    this.value = value instanceof Misread ? value.value : value;
    this.written =
      value instanceof Misread ? value.written : isOtherScalar(value) ? String(value) : undefined;
    this.path = path;
  }

  /** @throws {TooManyFaults} where so many are noted that reading on would help nobody */
  fail(message: string, what: 'key' | 'value' = 'value'): void {
    if (this.#faults.length >= MOST_ISSUES) {
      throw new TooManyFaults();
    }
    this.#faults.push({ path: this.path, what, message });
  }

  /** Whether something was wrong with this very value. */
  get failed(): boolean {
    const here = this.path.join('.');
    return this.#faults.some(({ path }) => path.join('.') === here);
  }

  /** How many faults have been noted anywhere: more than before where something that was read since is wrong. */
  get noted(): number {
    return this.#faults.length;
  }

  /** The value under a key. */
  in(key: string | number): Reader {
    const inner: unknown =
      isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Reader(this.#faults, inner, [...this.path, key]);
  }

  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key);
  }

  /**
   * The keys of an object; with `known`, any other is a fault. Undefined, noted, where it is none.
   *
   * @param hint where a key that is not known belongs; undefined where that is not known either
   */
  keys(
    known?: readonly string[],
    hint: (key: string) => string | undefined = () => undefined,
  ): readonly string[] | undefined {
    if (!isObject(this.value)) {
      this.fail(
        `must be a mapping${known === undefined ? '' : ` with ${known.join(', ')}`}, not ${this.shown}`,
      );
      return undefined;
    }
    const keys = Object.keys(this.value);
    for (const key of keys) {
      if (known?.includes(key) === false) {
        const way = hint(key) ?? `unknown key${suggestion(key, known)} (known: ${known.join(', ')})`;
        this.in(key).fail(way, 'key');
      }
    }
    return keys;
  }

  /**
   * A list with something in it, or an empty one, noted.
   *
   * @param of what it is a list of
   * @param listed how a text would be written as a list, for a hint
   */
  items(of: string, listed?: (text: string) => string): readonly Reader[] {
    if (!Array.isArray(this.value)) {
      const hint = typeof this.value === 'string' ? listed?.(this.value) : undefined;
      this.fail(`must be a list of ${of}, not ${this.shown}${hint === undefined ? '' : `; write ${hint}`}`);
      return [];
    }
    if (this.value.length === 0) {
      this.fail(`the list is empty; it must have at least one of ${of}`);
    }
    return this.value.map((item: unknown, index) => new Reader(this.#faults, item, [...this.path, index]));
  }

  /** A text that is not empty; '' where it is none, noted. */
  text(of: string): string {
    if (typeof this.value === 'string' && this.value !== '') {
      return this.value;
    }
    this.fail(
      this.written === undefined
        ? `must be ${of}, not ${this.shown}`
        : `must be ${of}: YAML takes ${this.written} for ${kindOf(this.value)}; write it in quotes: ${JSON.stringify(this.written)}`,
    );
    return '';
  }

  /** One of some words; the first where it is none, noted. */
  choice<Word extends string>(words: readonly [Word, ...Word[]]): Word {
    const word = words.find((candidate) => candidate === this.value);
    if (word === undefined) {
      const near = typeof this.value === 'string' ? suggestion(this.value, words) : '';
      this.fail(`must be one of ${words.join(', ')}, not ${this.shown}${near}`);
    }
    return word ?? words[0];
  }

  /** A number within limits; the least where it is none, noted. */
  number(least: number, most: number, whole = true): number {
    const { value } = this;
    if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))) {
      return value;
    }
    this.fail(`must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${this.shown}`);
    return least;
  }

  /** Milliseconds; the least where it is no duration, noted. */
  duration(least = 0): number {
    const { value, written } = this;
    // 0x10, 1e3 and 010 are numbers of seconds to YAML, and nobody knows what they were to whoever wrote them.
    const plain = written === undefined || /^(?:0|[1-9]\d*)?(?:\.\d*)?$/.test(written);
    const text = typeof value === 'string' || (typeof value === 'number' && plain) ? String(value) : '';
    const ms = parseDuration(text);
    if (ms !== null && ms >= least) {
      return ms;
    }
    this.fail(`must be ${DURATION_FORM}${least > 0 ? `, at least ${least}ms` : ''}, not ${this.shown}`);
    return least;
  }

  /** The value as a person would call it. */
  get shown(): string {
    return this.written ?? show(this.value);
  }
}

function isOtherScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Misread);
}

/** A value as a person would call it. */
function show(value: unknown): string {
  if (value === undefined) {
    return 'absent';
  }
  if (value === null) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object') {
    return 'a mapping';
  }
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
