import { describe, type Policy, type PolicyEvent, restart, type Step } from '@ifdepd/policy';
import type { LogEntry } from '../log/index.ts';
import { type Loop, realLoop } from '../system/loop.ts';

/**
 * Goes on where an earlier process ended, by what it has left and the first readings.
 *
 * @returns null where that cannot be gone on with: then it begins as a first start does
 */
export type GoOn = (
  policy: Policy,
  readings: PolicyEvent & { readonly type: 'sources' },
  now: number,
) => Step | null;

/** @param text what `serialize` of the policy wrote @param write logs what becomes of it */
export function goOnFrom(text: string, write: (entry: LogEntry) => void, loop: Loop = realLoop): GoOn {
  return (policy, readings, now) => {
    try {
      const { anew, ...step } = restart(policy, text, readings, now);
      // Its consequences come first.
      loop.defer(() => write(goingOn(policy, step, anew)));
      return step;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the saved state cannot be used, starting without it: ${reason}`;
      loop.defer(() => write({ event: 'notice', level: 'warning', message }));
      return null;
    }
  };
}

/** The line of a start that finds delays, pauses, drains and latches: a notice; `info` where there are none. */
function goingOn(policy: Policy, { state }: Step, anew: readonly string[]): LogEntry {
  const waiting = describe(policy, state).groups.filter(
    ({ name, phase, suppressedUntil, latched }) =>
      !anew.includes(name) && ((phase !== 'up' && phase !== 'down') || suppressedUntil !== null || latched),
  );
  const words = waiting.map(
    ({ name, phase, suppressedUntil, latched }) =>
      `${name} is ${phase}${latched ? ' (latched)' : suppressedUntil === null ? '' : ' (suppressed)'}`,
  );
  const fresh =
    anew.length === 0 ? [] : [`new, or with another requirement, and starting anew: ${anew.join(', ')}`];
  const message = ['going on where the last ifdepd ended', ...words, ...fresh].join('; ');
  const level = words.length + fresh.length > 0 ? 'notice' : 'info';
  return { event: 'notice', level, message };
}
