import {
  describe,
  type Policy,
  type PolicyEvent,
  type State,
  type Status,
  type Step,
  start,
  step,
  type Transition,
} from '@ifdepd/policy';
import type { Actuator, Outcome } from './actuator.ts';

/** What happened at one moment, told after the system calls are done. */
export interface Moment {
  /** What the policy was told from outside. */
  readonly event: PolicyEvent;
  readonly transitions: readonly Transition[];
  readonly outcomes: readonly Outcome[];
}

/** The policy and its state: takes an event in, does what follows from it before it returns. */
export interface Decider extends Disposable {
  /** Decides and acts, synchronously. */
  feed(event: PolicyEvent): void;
  status(): Status;
}

/**
 * How often the answers to effects may lead to further effects within one moment. One is usual (a failure plans a
 * retry for later); the limit keeps a fault in the rules from holding the event loop.
 */
const ROUNDS = 8;

/** The longest that setTimeout() can be asked to wait. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * @param tell called after each event, when everything that follows from it is done; must not throw
 * @param now monotonic milliseconds. Default: performance.now()
 */
export function decider(
  policy: Policy,
  actuator: Actuator,
  tell: (moment: Moment) => void,
  now: () => number = () => performance.now(),
): Decider {
  let timer: NodeJS.Timeout | undefined;
  let timerAt: number | null = null;
  let state: State;

  function take({ state: next, nextDeadline }: Step): void {
    state = next;
    if (nextDeadline !== timerAt) {
      arm(nextDeadline);
    }
  }

  /** One timer, for the next deadline there is; none while there is none. */
  function arm(deadline: number | null): void {
    clearTimeout(timer);
    timerAt = deadline;
    timer = undefined;
    if (deadline !== null) {
      const wait = Math.min(LONGEST_TIMEOUT_MS, Math.max(1, Math.ceil(deadline - now())));
      timer = setTimeout(due, wait);
    }
  }

  function due(): void {
    timerAt = null;
    feed({ type: 'tick' });
  }

  function feed(event: PolicyEvent): void {
    let taken = step(policy, state, event, now());
    take(taken);
    if (taken.effects.length === 0) {
      tell({ event, transitions: taken.transitions, outcomes: [] });
      return;
    }
    const transitions = [...taken.transitions];
    const outcomes: Outcome[] = [];
    for (let round = 0; round < ROUNDS && taken.effects.length > 0; round += 1) {
      // Every destination is tried, whatever becomes of the one before it; the answers are told afterwards.
      const answers = taken.effects.map((effect) => actuator.apply(effect));
      outcomes.push(...answers);
      const effects: Step['effects'][number][] = [];
      for (const { answer } of answers) {
        const next = step(policy, state, answer, now());
        take(next);
        transitions.push(...next.transitions);
        effects.push(...next.effects);
      }
      taken = { ...taken, effects };
    }
    tell({ event, transitions, outcomes });
  }

  const first = start(policy, now());
  state = first.state;
  take(first);

  return {
    feed,
    status: () => describe(policy, state),
    [Symbol.dispose]() {
      arm(null);
    },
  };
}
