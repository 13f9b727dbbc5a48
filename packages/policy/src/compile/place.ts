import type { Knob } from '../knobs.ts';
import { type IssuePath, note, type PolicyIssue, type PolicyIssueCode } from './issue.ts';
import { nearest } from './nearest.ts';

/** A value of the configuration and where it stands. What is wrong with it is noted, and reading goes on. */
export interface Place {
  readonly value: unknown;
  /** The key or index of the value within what is around it; null for the configuration itself. */
  readonly step: { readonly around: Place; readonly key: string | number } | null;
  /** Everything that has been noted, of the whole configuration. */
  readonly issues: PolicyIssue[];
}

/** Notes an issue. */
export function fail(place: Place, code: PolicyIssueCode, message: string): void {
  note(place.issues, { code, path: pathOf(place), message });
}

/** From the root to a place. Not kept with each of them: in a deep expression that would be its depth squared. */
function pathOf({ step }: Place): IssuePath {
  const path: (string | number)[] = [];
  for (let at = step; at !== null; at = at.around.step) path.push(at.key);
  return path.reverse();
}

/** The value under a key or index. */
export function inside(
  around: Place,
  key: string | number,
  inner: unknown = Object(around.value)[key],
): Place {
  return { value: inner, step: { around, key }, issues: around.issues };
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

/** Names that are listed in a sentence, and characters of a text that are shown in one, at the most. */
const MOST_LISTED = 20;
const MOST_SHOWN = 60;

/** The sentence for a name that is not known, with the nearest one that is. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const listed = known.slice(0, MOST_LISTED).join(', ') + (known.length > MOST_LISTED ? ', …' : '');
  const hint = near === undefined ? `known: ${listed}` : `did you mean ${near}?`;
  return `There is no ${what} ${show(name)} here (${hint}).`;
}

function mustBe(place: Place, what: string, code: PolicyIssueCode): void {
  const { value } = place;
  fail(place, value === undefined ? 'missing-key' : code, `Must be ${what}, not ${show(value)}.`);
}

/** A value as a person would call it; control characters of texts are escaped. */
function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN - 1)}…` : value);
  }
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'absent' : `${value as number}`;
}
