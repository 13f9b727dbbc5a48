import type { Effect } from '../events.ts';
import { own } from '../own.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State } from '../state.ts';
import { get } from '../vec.ts';
import { wantOf } from './target.ts';

/**
 * Whether an effect that has not been applied yet is still to be: false once it was answered or overtaken by another, or
 * its destination is no longer wanted so. For callers that apply effects one by one and take in events between them.
 *
 * Feed a reading of the destination instead of one that no longer stands.
 */
export function stands(policy: Policy, state: State, { destination, to }: Effect): boolean {
  const number = own((policy as Compiled).targetIndex, destination);
  if (number === undefined) return false;
  const target = get(state.targets, number);
  return target.pending === to && wantOf(target) === to;
}
