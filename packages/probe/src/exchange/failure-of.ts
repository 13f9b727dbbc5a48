import { SystemError, type Target } from '@ifdepd/libc';
import type { Outcome } from './exchange.ts';

/**
 * Errors that say there is no path. EINVAL: a blackhole route, or a source address that has gone.
 * ENODEV, ENXIO: the interface has gone.
 */
const NO_PATH = new Set([
  'EADDRNOTAVAIL',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINVAL',
  'ENETDOWN',
  'ENETUNREACH',
  'ENODEV',
  'ENXIO',
]);

const REFUSALS = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** What an error of a call that opens, connects or sends says about a target. */
export function failureOf(error: unknown): Outcome {
  const { code = '', message } = error as { code?: string; message: string };
  const why = message;
  return NO_PATH.has(code)
    ? { type: 'unreachable', why }
    : REFUSALS.has(code)
      ? { type: 'refused', why }
      : { type: 'unsent', why };
}

/** The same for the result of a call. @param result a negated errno */
export function failedCall(target: Target, result: number, syscall: string, subject: string): Outcome {
  return failureOf(new SystemError(target, -result, syscall, subject));
}
