import { CHOICES, type Knob } from '../knobs.ts';
import { PolicyError, type PolicyIssue, type PolicyIssueCode } from './issue.ts';

/** A value of the configuration and where it stands. A mistake adds an issue, and reading continues. */
export interface Place {
  readonly value: unknown;
  /** The place around the value, and its key or index there; null for the configuration itself. */
  readonly around: Place | null;
  readonly key: string | number;
  /** Every issue of the whole configuration so far. */
  readonly issues: PolicyIssue[];
}

/** The message for a name that stands in a list a second time. */
export const TWICE = 'is listed twice; remove one';

/** After this many issues the rest of a configuration is not read. */
const MOST_ISSUES = 100;

/** Adds an issue. @throws {PolicyError} when there are {@link MOST_ISSUES} */
export function fail(place: Place, code: PolicyIssueCode, message: string): void {
  // The path is not stored with each place: in a deep expression that would take its depth squared.
  const path: (string | number)[] = [];
  for (let at = place; at.around !== null; at = at.around) path.push(at.key);
  const { issues } = place;
  issues.push({ code, path: path.reverse(), message });
  if (issues.length === MOST_ISSUES) throw new PolicyError(issues);
}

/** The value under a key or index. */
export function inside(
  around: Place,
  key: string | number,
  inner: unknown = Object(around.value)[key],
): Place {
  return { value: inner, around, key, issues: around.issues };
}

/**
 * The keys of an object; undefined, with an issue, for anything else.
 *
 * @param known any other key is an issue
 * @param what the value must be, for the message
 */
export function keysOf(
  place: Place,
  known?: readonly string[],
  what = 'an object',
): readonly string[] | undefined {
  const { value } = place;
  if (value !== Object(value) || Array.isArray(value)) {
    mustBe(place, what, 'bad-type');
    return undefined;
  }
  const keys = Object.keys(Object(value));
  for (const key of keys) {
    if (known?.includes(key) === false) fail(inside(place, key), 'unknown-key', unknown('key', key, known));
  }
  return keys;
}

/** The elements of a list. An empty list is an issue, and so is anything else, which has no elements. */
export function elementsOf(place: Place): readonly Place[] {
  const { value } = place;
  if (!Array.isArray(value)) {
    mustBe(place, 'a list', 'bad-type');
    return [];
  }
  if (value.length === 0) fail(place, 'empty-list', 'must not be empty');
  return value.map((element, i) => inside(place, i, element));
}

/** A name; `''`, with an issue, for an empty text and anything else. */
export function nameAt(place: Place): string {
  const { value } = place;
  if (typeof value === 'string' && value !== '') return value;
  mustBe(place, 'a name', 'bad-name');
  return '';
}

/** The numbers under the keys of a table; NaN, with an issue, for one that is wrong. */
export function numbersAt<Key extends string>(
  place: Place,
  table: Readonly<Record<Key, Knob>>,
): Record<Key, number> {
  const numbers = Object.entries<Knob>(table).map(([key, [least, most, fallback]]) => {
    const knob = inside(place, key);
    const { value = fallback } = knob;
    if (typeof value === 'number' && value >= least && value <= most) return [key, value];
    mustBe(knob, `a number from ${least} to ${most}`, 'bad-number');
    return [key, Number.NaN];
  });
  return Object.fromEntries(numbers);
}

/** The word under a key of {@link CHOICES}, with an issue for any other value. An absent one is the first. */
export function wordAt(around: Place, key: keyof typeof CHOICES): unknown {
  const words: readonly unknown[] = CHOICES[key];
  const place = inside(around, key);
  const { value = words[0] } = place;
  if (!words.includes(value)) mustBe(place, `one of ${words.join(', ')}`, 'bad-choice');
  return value;
}

/** The most names that a message lists, and the most characters of a text that it shows. */
const MOST_LISTED = 20;
const MOST_SHOWN = 60;

/** Names for a message; of many, the first. */
export function listed(names: readonly string[], between = ', '): string {
  return names.slice(0, MOST_LISTED).join(between) + (names.length > MOST_LISTED ? `${between}…` : '');
}

/** The known word that shares the most pairs of neighbouring letters with `word`, at least half of them; else undefined. */
function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = 0.5;
  for (const candidate of known) {
    const shared = [...candidate].filter((_, i) => i > 0 && word.includes(candidate.slice(i - 1, i + 1)));
    const likeness = shared.length / (Math.max(word.length, candidate.length) - 1);
    if (likeness >= most) {
      most = likeness;
      best = candidate;
    }
  }
  return best;
}

/** The message for an unknown name, with the nearest known name or with all known names. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `known: ${listed(known)}` : `did you mean ${near}?`;
  return `there is no ${what} ${show(name)} here; ${hint}`;
}

/** Adds an issue for a value that is missing or wrong. */
export function mustBe(place: Place, what: string, code: PolicyIssueCode): void {
  const { value } = place;
  if (value === undefined) fail(place, 'missing-key', `is missing; it must be ${what}`);
  else fail(place, code, `must be ${what}, not ${show(value)}`);
}

/** A value for a message. Control characters of texts are escaped. */
function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN - 1)}…` : value);
  }
  return Array.isArray(value) ? 'a list' : value === Object(value) ? 'an object' : String(value);
}
