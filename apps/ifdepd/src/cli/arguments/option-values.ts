import type { Expression } from '@ifdepd/policy';
import { DURATION_FORM, parseDuration } from '../../config/duration.ts';
import { type EarlyLossMode, type ListenAddress, parseListenAddress } from '../../config/settings.ts';
import { UsageError } from '../../system/errors.ts';
import { wrongValue } from './parse-words.ts';

/** Milliseconds. @throws {UsageError} */
export function durationValue(option: string, value: string | undefined): number | undefined {
  const ms = value === undefined ? undefined : parseDuration(value);
  if (value !== undefined && ms === null) {
    throw wrongValue(option, value, `must be ${DURATION_FORM}`);
  }
  return ms ?? undefined;
}

/** `all`, `any`, a count or a percentage of these sources, which `compile` judges. */
export function requireValue(value: string, sources: readonly string[]): Expression {
  if (value === 'all' || value === 'any') {
    return value === 'all' ? { all: sources } : { any: sources };
  }
  return { atLeast: /^-?\d+$/.test(value) ? Number(value) : (value as `${number}%`), of: sources };
}

/** `auto`, `off` or a period. @throws {UsageError} */
export function earlyLossValue(value: string): EarlyLossMode {
  if (value === 'auto' || value === 'off') {
    return value;
  }
  const everyMs = parseDuration(value);
  if (everyMs === null || everyMs === 0) {
    throw wrongValue('--early-loss', value, `must be auto, off, or a period above 0: ${DURATION_FORM}`);
  }
  return { everyMs };
}

/** ADDR:PORT. @throws {UsageError} */
export function listenValue(option: string, value: string | undefined): ListenAddress | null {
  const address = value === undefined ? null : parseListenAddress(value);
  if (value !== undefined && address === null) {
    throw wrongValue(option, value, 'must be ADDRESS:PORT or PORT, such as 127.0.0.1:9817 or [::1]:9817');
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
    throw new UsageError("--netns '': the name is empty; 'ip netns list' shows the names");
  }
  return value ?? null;
}
