import type { Knob } from '../knobs.ts';
import type { IssuePath, PolicyIssue, PolicyIssueCode } from './issue.ts';
import { nearest } from './nearest.ts';

/** A value of the configuration and where it stands. What is wrong with it is noted, and reading goes on. */
export interface Place {
  readonly value: unknown;
  readonly path: IssuePath;
  /** Everything that has been noted, of the whole configuration. */
  readonly issues: PolicyIssue[];
}

/** Notes an issue. */
export function fail({ path, issues }: Place, code: PolicyIssueCode, message: string): void {
  issues.push({ code, path, message });
}

/** The value under a key or index. */
export function inside(
  { value, path, issues }: Place,
  key: string | number,
  inner: unknown = Object(value)[key],
): Place {
  return { value: inner, path: [...path, key], issues };
}

/** The keys of an object that is to have no others than these; undefined if it is no object. */
export function keysOf(place: Place, known?: readonly string[]): readonly string[] | undefined {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    mustBe(place, 'an object', 'bad-type');
    return undefined;
  }
  const keys = Object.keys(value);
  for (const key of keys) {
    if (known?.includes(key) === false) fail(inside(place, key), 'unknown-key', unknown('key', key, known));
  }
  return keys;
}

/** The elements of a list, which is not empty. */
export function elementsOf(place: Place): readonly Place[] {
  const { value } = place;
  if (!Array.isArray(value)) {
    mustBe(place, 'a list', 'bad-type');
    return [];
  }
  if (value.length === 0) fail(place, 'empty-list', 'Must have at least one element.');
  return value.map((element, i) => inside(place, i, element));
}

/** A name, which is not empty. */
export function nameAt(place: Place): string {
  const { value } = place;
  if (typeof value === 'string' && value !== '') return value;
  mustBe(place, 'a name', 'bad-name');
  return '';
}

/** A number within limits. */
export function numberAt(
  place: Place,
  [least, most, fallback]: Knob,
  code: PolicyIssueCode,
  whole = false,
): number {
  const { value = fallback } = place;
  if (typeof value === 'number' && value >= least && value <= most && !(whole && value % 1)) return value;
  mustBe(place, `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`, code);
  return least;
}

/** The numbers under the keys of a table. */
export function numbersAt<Key extends string>(
  place: Place,
  table: Readonly<Record<Key, Knob>>,
): Record<Key, number> {
  const numbers = Object.entries<Knob>(table).map(([key, knob]) => [
    key,
    numberAt(inside(place, key), knob, key.endsWith('Ms') ? 'bad-duration' : 'bad-number'),
  ]);
  return Object.fromEntries(numbers);
}

/** One of some words; the first when absent. */
export function wordAt<T extends string>(place: Place, words: readonly [T, ...T[]]): T {
  const { value = words[0] } = place;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) mustBe(place, `one of ${words.join(', ')}`, 'bad-choice');
  return word ?? words[0];
}

/** The sentence for a name that is not known, with the nearest one that is. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
  return `There is no ${what} ${show(name)} here (${hint}).`;
}

function mustBe(place: Place, what: string, code: PolicyIssueCode): void {
  const { value } = place;
  fail(place, value === undefined ? 'missing-key' : code, `Must be ${what}, not ${show(value)}.`);
}

/** A value as a person would call it; control characters of texts are escaped. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'absent' : `${value as number}`;
}
