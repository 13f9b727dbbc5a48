import type { Expression } from '@ifdepd/policy';
import { DURATION_FORM, parseDuration } from '../../config/duration.ts';
import { type EarlyLossMode, type ListenAddress, parseListenAddress } from '../../config/settings.ts';
import { UsageError } from '../../system/errors.ts';

/** Milliseconds. @throws {UsageError} */
export function durationValue(option: string, value: string | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const ms = parseDuration(value);
  if (ms === null) {
    throw new UsageError(`${option} '${value}': must be ${DURATION_FORM}`);
  }
  return ms;
}

/** One of some words. @throws {UsageError} */
export function choiceValue<Word extends string>(
  option: string,
  value: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find((candidate) => candidate === value);
  if (value !== undefined && word === undefined) {
    throw new UsageError(`${option} '${value}': must be one of ${words.join(', ')}`);
  }
  return word;
}

/** `all`, `any`, a count or a percentage of these sources. @throws {UsageError} */
export function requireValue(value: string | undefined, sources: readonly string[]): Expression {
  if (value === undefined || value === 'all') {
    return { all: sources };
  }
  if (value === 'any') {
    return { any: sources };
  }
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1];
  if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100) {
    return { atLeast: `${Number(percent)}%`, of: sources };
  }
  const count = /^\d+$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > sources.length) {
    throw new UsageError(
      `--require '${value}': must be all, any, a number from 1 to ${sources.length} (there are so many sources), ` +
        'or a percentage from 1% to 100%',
    );
  }
  return { atLeast: count, of: sources };
}

/** `auto`, `off` or a period. @throws {UsageError} */
export function earlyLossValue(value: string | undefined): EarlyLossMode {
  if (value === undefined || value === 'auto' || value === 'off') {
    return value ?? 'auto';
  }
  const everyMs = parseDuration(value);
  if (everyMs === null || everyMs === 0) {
    throw new UsageError(`--early-loss '${value}': must be auto, off, or a period above 0: ${DURATION_FORM}`);
  }
  return { everyMs };
}

/** ADDR:PORT. @throws {UsageError} */
export function listenValue(option: string, value: string | undefined): ListenAddress | null {
  if (value === undefined) {
    return null;
  }
  const address = parseListenAddress(value);
  if (address === null) {
    throw new UsageError(
      `${option} '${value}': must be ADDRESS:PORT or PORT, such as 127.0.0.1:9817 or [::1]:9817`,
    );
  }
  return address;
}

/** A file name. @throws {UsageError} where it is empty */
export function fileValue(option: string, value: string | undefined): string | null {
  if (value === '') {
    throw new UsageError(`${option} '': the file name is empty`);
  }
  return value ?? null;
}

/** The name of a network namespace. @throws {UsageError} where it is empty */
export function namespaceValue(value: string | undefined): string | null {
  if (value === '') {
    throw new UsageError("--netns '': the name is empty; 'ip netns list' shows those there are");
  }
  return value ?? null;
}
