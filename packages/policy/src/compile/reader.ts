import type { Knob } from '../knobs.ts';
import type { IssuePath, PolicyIssue, PolicyIssueCode } from './issue.ts';
import { nearest } from './nearest.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A value of the configuration and where it stands; what is wrong with it is noted, and reading goes on. */
export interface Reader {
  readonly value: unknown;
  /** Notes an issue here. */
  fail(code: PolicyIssueCode, message: string): void;
  /** The value under a key or index. */
  in(key: string | number, value?: unknown): Reader;
  /** An object with no keys but these, or undefined. */
  fields(known?: readonly string[]): Fields | undefined;
  /** A list with something in it, or an empty one. */
  items(): readonly Reader[];
  /** A name, which is not empty. */
  name(): string;
  /** A number within limits. */
  number(knob: Knob, code: PolicyIssueCode, whole?: boolean): number;
  /** The numbers under the keys of a table. */
  numbers<Key extends string>(table: Readonly<Record<Key, Knob>>): Record<Key, number>;
  /** One of some words; the first when absent. */
  choice<T extends string>(words: readonly [T, ...T[]]): T;
}

/** Starts reading a configuration. */
export function reader(issues: PolicyIssue[], value: unknown, path: IssuePath = []): Reader {
  const fail = (code: PolicyIssueCode, message: string): void => {
    issues.push({ code, path, message });
  };
  const mustBe = (what: string, code: PolicyIssueCode): void => {
    fail(value === undefined ? 'missing-key' : code, `Must be ${what}, not ${show(value)}.`);
  };
  const self: Reader = {
    value,
    fail,
    in: (key, inner = (Object(value) as Fields)[key]) => reader(issues, inner, [...path, key]),
    fields(known) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        mustBe('an object', 'bad-type');
        return undefined;
      }
      for (const key of Object.keys(value)) {
        if (known?.includes(key) === false) {
          self.in(key).fail('unknown-key', unknown('key', key, known));
        }
      }
      return value as Fields;
    },
    items() {
      if (Array.isArray(value)) {
        if (value.length === 0) fail('empty-list', 'Must have at least one element.');
        return value.map((element, i) => self.in(i, element));
      }
      mustBe('a list', 'bad-type');
      return [];
    },
    name() {
      if (typeof value === 'string' && value !== '') return value;
      mustBe('a name', 'bad-name');
      return '';
    },
    number([least, most, fallback], code, whole) {
      if (value === undefined && fallback !== undefined) return fallback;
      const fits = typeof value === 'number' && value >= least && value <= most;
      if (fits && !(whole && value % 1)) return value;
      mustBe(`a ${whole ? 'whole ' : ''}number from ${least} to ${most}`, code);
      return least;
    },
    numbers(table) {
      const numbers = { ...table } as Record<string, unknown>;
      for (const [key, knob] of Object.entries<Knob>(table)) {
        numbers[key] = self.in(key).number(knob, key.endsWith('Ms') ? 'bad-duration' : 'bad-number');
      }
      return numbers as Record<keyof typeof table, number>;
    },
    choice(words) {
      const word = value === undefined ? words[0] : words.find((candidate) => candidate === value);
      if (word === undefined) mustBe(`one of ${words.join(', ')}`, 'bad-choice');
      return word ?? words[0];
    },
  };
  return self;
}

/** The sentence for a name that is not known, with the nearest one that is. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
  return `There is no ${what} ${show(name)} here (${hint}).`;
}

/** A value as a person would call it; control characters of texts are escaped. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'absent' : `${value as number}`;
}
