import { checkParts, checkState } from '../check.ts';
import type { Effect } from '../events.ts';
import { type Compiled, own, type Policy } from '../policy.ts';
import type { State } from '../state.ts';
import { get } from '../vec.ts';
import { wantOf } from './target.ts';

/**
 * Whether an effect still has to be applied. False after it was answered, after another effect replaced it, and when the
 * groups no longer want it. For callers that apply effects one by one and feed events in between.
 *
 * Instead of an effect that no longer stands, feed a reading of the destination.
 *
 * @throws {StateError} when the state belongs to another policy
 * @throws {TypeError} when the effect is none
 */
export function stands(policy: Policy, state: State, effect: Effect): boolean {
  checkState(policy, state);
  checkParts(effect, 'effect', 'destination', 'to');
  const { destination, to } = effect;
  const number = own((policy as Compiled).targetIndex, destination);
  if (number === undefined) return false;
  const target = get(state.targets, number);
  return target.pending === to && wantOf(target) === to;
}
