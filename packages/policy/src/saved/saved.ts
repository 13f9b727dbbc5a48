import { checkPolicy, checkState, checkTime } from '../check.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State, Step } from '../state.ts';
import { parse, type Saved } from './parse.ts';
import { rebuild, save } from './rebuild.ts';

/** The fields that are times: they move to the clock of another process. */
const MOMENTS: readonly string[] = ['since', 'until', 'penaltyAt', 'suppressedUntil', 'hold', 'foughtAt'];

/**
 * A state as versioned JSON text, by names, to keep across processes.
 *
 * @throws {StateError} when the state belongs to another policy
 */
export function serialize(policy: Policy, state: State): string {
  checkState(policy, state);
  return JSON.stringify(save(policy as Compiled, state));
}

/**
 * Continues a state from `serialize`, also under a changed policy, as `recompile` does.
 *
 * @param now monotonic milliseconds of this process: every time in the state moves with it, as if no time had passed in
 * between. Default: when the state was saved.
 * @throws {StateError} when the text is not a saved state, or of another version
 *
 * @example
 * ```ts
 * import { compile, restore, serialize } from '@ifdepd/policy';
 * import { drive } from '@ifdepd/policy/testing';
 *
 * const policy = compile({ groups: { web: { require: 'db', destinations: ['shop'] } } });
 * const before = drive(policy);
 * before.snapshot({ db: 'failed' });
 * const text = serialize(policy, before.state);
 * console.log(restore(policy, text, 0).effects.length); // 0
 * ```
 */
export function restore(policy: Policy, text: string, now?: number): Step {
  checkPolicy(policy);
  if (now !== undefined) checkTime('now', now);
  const saved = parse(text);
  const shift = (now ?? saved.now) - saved.now;
  const moved = JSON.parse(text, (key, value) =>
    typeof value === 'number' && MOMENTS.includes(key) ? value + shift : value,
  ) as Saved;
  return rebuild(policy as Compiled, moved, saved.now + shift);
}

/**
 * Continues a state under another policy without a bounce: groups and destinations keep their state by name, changed parts are
 * decided anew, and only destinations that the groups now want otherwise are written. A new group begins in `starting`. A
 * destination that no group names any more is left as it is.
 *
 * @param now monotonic milliseconds
 * @throws {StateError} when the state belongs to another policy than the old one
 */
export function recompile(old: Policy, state: State, policy: Policy, now: number): Step {
  checkState(old, state);
  checkPolicy(policy);
  checkTime('now', now);
  return rebuild(policy as Compiled, save(old as Compiled, state), Math.max(now, state.now));
}
