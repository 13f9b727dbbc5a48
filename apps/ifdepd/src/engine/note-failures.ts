import type { Outcome } from './actuator.ts';

/** Keeps the last error of each destination until it can be set. */
export function noteFailures(failures: Map<string, Error>, outcomes: readonly Outcome[]): void {
  for (const { effect, error } of outcomes) {
    if (error === null) {
      failures.delete(effect.destination);
    } else {
      failures.set(effect.destination, error);
    }
  }
}
