import { DURATION_FORM, parseDuration } from '../duration.ts';
import { suggestion } from '../nearest.ts';
import { MOST_ISSUES } from './config-error.ts';
import type { ConfigPath } from './document.ts';

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
  readonly #faults: Fault[];

  constructor(faults: Fault[], value: unknown, path: ConfigPath = []) {
    this.#faults = faults;
    this.value = value;
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

  /** The value under a key. */
  in(key: string | number): Reader {
    const inner: unknown =
      isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Reader(this.#faults, inner, [...this.path, key]);
  }

  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key);
  }

  /** The keys of an object; with `known`, any other is a fault. Undefined, noted, where it is none. */
  keys(known?: readonly string[]): readonly string[] | undefined {
    if (!isObject(this.value)) {
      this.fail(
        `must be a mapping${known === undefined ? '' : ` with ${known.join(', ')}`}, not ${show(this.value)}`,
      );
      return undefined;
    }
    const keys = Object.keys(this.value);
    for (const key of keys) {
      if (known?.includes(key) === false) {
        this.in(key).fail(`unknown key${suggestion(key, known)} (known: ${known.join(', ')})`, 'key');
      }
    }
    return keys;
  }

  /**
   * A list with something in it, or an empty one, noted.
   *
   * @param of what it is a list of
   * @param example how one is written
   */
  items(of: string, example?: string): readonly Reader[] {
    if (!Array.isArray(this.value)) {
      const hint = example === undefined || this.value === undefined ? '' : `; write it as ${example}`;
      this.fail(`must be a list of ${of}, not ${show(this.value)}${hint}`);
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
    this.fail(`must be ${of}, not ${show(this.value)}`);
    return '';
  }

  /** One of some words; the first where it is none, noted. */
  choice<Word extends string>(words: readonly [Word, ...Word[]]): Word {
    const word = words.find((candidate) => candidate === this.value);
    if (word === undefined) {
      const near = typeof this.value === 'string' ? suggestion(this.value, words) : '';
      this.fail(`must be one of ${words.join(', ')}, not ${show(this.value)}${near}`);
    }
    return word ?? words[0];
  }

  /** A number within limits; the least where it is none, noted. */
  number(least: number, most: number, whole = true): number {
    const { value } = this;
    if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))) {
      return value;
    }
    this.fail(`must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${show(value)}`);
    return least;
  }

  /** Milliseconds; the least where it is no duration, noted. */
  duration(least = 0): number {
    const { value } = this;
    const ms = typeof value === 'string' || typeof value === 'number' ? parseDuration(String(value)) : null;
    if (ms !== null && ms >= least) {
      return ms;
    }
    this.fail(`must be ${DURATION_FORM}${least > 0 ? `, at least ${least}ms` : ''}, not ${show(value)}`);
    return least;
  }
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a person would call it. */
export function show(value: unknown): string {
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
