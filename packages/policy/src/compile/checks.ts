import { LARGEST, LONGEST_MS } from '../knobs.ts';
import type { IssuePath, Report } from './issue.ts';
import { nearest } from './nearest.ts';

/** A value that is an object and not a list, as a record; undefined after a report. */
export function asRecord(
  value: unknown,
  path: IssuePath,
  what: string,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  report('bad-type', path, `${what} must be an object, not ${kindOf(value)}.`);
  return undefined;
}

/** A list with at least one element, or undefined after a report. */
export function asList(
  value: unknown,
  path: IssuePath,
  what: string,
  report: Report,
): readonly unknown[] | undefined {
  if (!Array.isArray(value)) {
    report('bad-type', path, `${what} must be a list, not ${kindOf(value)}.`);
  } else if (value.length === 0) {
    report('empty-list', path, `${what} is empty: it needs at least one.`);
  } else {
    return value;
  }
  return undefined;
}

/** Reports every key that is not known, with the nearest one that is. */
export function checkKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: IssuePath,
  report: Report,
): void {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
    report('unknown-key', [...path, key], `There is no key ${quote(key)} here (${hint}).`);
  }
}

/** A non-empty string, or undefined after a report. */
export function asId(value: unknown, path: IssuePath, what: string, report: Report): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  report('bad-id', path, `${what} must be a name, not ${value === '' ? 'an empty text' : kindOf(value)}.`);
  return undefined;
}

/** Milliseconds from `least` up, or the default when absent or after a report. */
export function asDuration(
  value: unknown,
  fallback: number,
  path: IssuePath,
  report: Report,
  least = 0,
): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && value >= least && value <= LONGEST_MS) return value;
  report('bad-duration', path, `Must be ${least} to ${LONGEST_MS} milliseconds, not ${show(value)}.`);
  return fallback;
}

/** A number above 0, whole if asked for; the default when absent (undefined: it is required), 1 after a report. */
export function asNumber(
  value: unknown,
  fallback: number | undefined,
  path: IssuePath,
  report: Report,
  whole = false,
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  const fits = typeof value === 'number' && value > 0 && value <= LARGEST;
  if (fits && (!whole || Number.isInteger(value))) return value;
  report(
    'bad-number',
    path,
    `Must be a ${whole ? 'whole ' : ''}number above 0, at most ${LARGEST}, not ${show(value)}.`,
  );
  return fallback ?? 1;
}

/** Reports a second mention of the same thing in one list. */
export function checkTwice<T>(thing: T, name: string, seen: Set<T>, path: IssuePath, report: Report): void {
  if (seen.has(thing)) report('duplicate', path, `${quote(name)} is listed twice.`);
  seen.add(thing);
}

/** A value as a person would write it. */
export function show(value: unknown): string {
  return typeof value === 'string' ? quote(value) : typeof value === 'number' ? `${value}` : kindOf(value);
}

/** A name between quotation marks, control characters escaped. */
export function quote(name: string): string {
  return JSON.stringify(name);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
