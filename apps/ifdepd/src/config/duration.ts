import { OddNumber, plainValue } from './odd-number.ts';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The form of a duration, for messages. */
export const DURATION_FORM =
  'a duration such as 250ms, 3s, 2m or 1h30m; a plain number is seconds, and 24d is the longest';

/** The longest: what a timer can be set for (2^31 - 1 ms, 24.8 days). */
const LONGEST_DURATION_MS: number = 2 ** 31 - 1;

/**
 * Milliseconds of a duration as a person writes it; a plain number is seconds.
 *
 * @returns null where it is none, or longer than {@link LONGEST_DURATION_MS}
 */
export function parseDuration(text: string): number | null {
  const number = /^\d+(?:\.\d+)?$/.test(text);
  if (!number && !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) {
    return null;
  }
  let total = 0;
  for (const [, count, unit = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)?/g)) {
    total += Number(count) * (UNITS[unit] ?? 0);
  }
  total = Math.round(total);
  return total <= LONGEST_DURATION_MS ? total : null;
}

/** The form of the time for which an operator holds a group, for messages. */
export const HOLD_FORM = `above 0: ${DURATION_FORM}`;

/** Milliseconds for which an operator holds a group: a hold for 0 would end before it began. @returns null where it is no such time */
export function parseHold(text: string): number | null {
  return parseDuration(text) || null;
}

/** Milliseconds of a duration in the configuration, a text or a number of seconds; null where it is none. */
export function durationOf(value: unknown): number | null {
  // 0x10, 1e3 and 010 are numbers of seconds to YAML, and what their author meant is not known.
  const odd = value instanceof OddNumber && !/^(?:0|[1-9]\d*)?(?:\.\d*)?$/.test(value.written);
  const plain = plainValue(value);
  return odd || (typeof plain !== 'number' && typeof plain !== 'string')
    ? null
    : parseDuration(String(plain));
}

/** Milliseconds as a person says them: `250 ms`, `3.2 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function showDuration(ms: number): string {
  if (ms < 1000) {
    return `${Math.max(0, Math.round(ms))} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 120) {
    return `${Math.round(seconds * 10) / 10} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? together(hours, 'h', minutes % 60, 'min')
    : together(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function together(one: number, unit: string, other: number, smaller: string): string {
  return other === 0 ? `${one} ${unit}` : `${one} ${unit} ${other} ${smaller}`;
}
