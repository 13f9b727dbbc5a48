import {
  describe,
  type Effect,
  type Explanation,
  explain,
  type Policy,
  type PolicyEvent,
  recompile,
  type State,
  type Status,
  type Step,
  serialize,
  stands,
  start,
  step,
} from '@ifdepd/policy';
import { realLoop } from '../system/loop.ts';
import type { Explainer } from './explain-parts.ts';
import type { GoOn } from './resume.ts';

/** A policy and its state. Taking an event in changes the state and does nothing else. */
export type PolicyState = ReturnType<typeof policyState>;

/**
 * @param now monotonic milliseconds. Default: the process's own
 * @param goOn asked with the first complete readings. Default: the policy begins as at a first start
 */
export function policyState(first: Policy, now: () => number = realLoop.now, goOn: GoOn = () => null) {
  let policy = first;
  let state: State = start(policy, now()).state;
  /** Sources that were last fed as active. */
  const active = new Set<string>();

  function noteSources(event: PolicyEvent): void {
    if (event.type !== 'source' && event.type !== 'sources') {
      return;
    }
    if (event.type === 'sources' && event.complete) {
      active.clear();
    }
    for (const { id, health } of event.type === 'source' ? [event.source] : event.sources) {
      if (health === 'active') {
        active.add(id);
      } else {
        active.delete(id);
      }
    }
  }

  function taken(step: Step): Step {
    state = step.state;
    return step;
  }

  function following(event: PolicyEvent, at: number): Step {
    const isFirst = !state.ready && event.type === 'sources' && event.complete && event.destinations;
    return (isFirst ? goOn(policy, event, at) : null) ?? step(policy, state, event, at);
  }

  /** The state as it is at this moment; what is due at it is left to the timer. */
  function present(): State {
    return step(policy, state, { type: 'tick' }, now()).state;
  }

  return {
    /** Monotonic milliseconds. */
    now,
    /** Takes an event in. The caller applies the effects. */
    take(event: PolicyEvent, at: number): Step {
      noteSources(event);
      return taken(following(event, at));
    },
    /** Whether a source was last fed as active. */
    isActive: (source: string): boolean => active.has(source),
    /** Goes on under another policy, without a bounce of what did not change. */
    replace(next: Policy, at: number): Step {
      const step = recompile(policy, state, next, at);
      policy = next;
      return taken(step);
    },
    /** Whether an effect is still wanted. */
    stands: (effect: Effect): boolean => stands(policy, state, effect),
    /**
     * Predicts what events that do not happen would cause, each by itself.
     *
     * @param given what is taken to have happened before; null for nothing
     */
    predict(given: PolicyEvent | null): (event: PolicyEvent) => readonly Effect[] {
      const at = now();
      const from = given === null ? state : step(policy, state, given, at).state;
      return (event) => step(policy, from, event, at).effects;
    },
    /** The state as the next process of this boot may go on with it. */
    serialize: () => serialize(policy, state),
    status: (): Status => describe(policy, present()),
    explain: (): Explanation => explain(policy, present()),
    /** Explains parts of the present state, also later, as it is now. */
    explainer(): Explainer {
      const [rules, now] = [policy, present()];
      return { status: describe(rules, now), explain: (only) => explain(rules, now, { only }) };
    },
  };
}
