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
  start,
  step,
  type Transition,
} from '@ifdepd/policy';
import { monotonicNow } from '../clock.ts';
import type { Actuator, Outcome } from './actuator.ts';

/** What happened at one moment, told after the system calls are done. */
export interface Moment {
  /** What the policy was told from outside. */
  readonly event: PolicyEvent;
  readonly transitions: readonly Transition[];
  readonly outcomes: readonly Outcome[];
  /** Monotonic milliseconds: when the event was taken in, and when the last system call had returned. */
  readonly began: number;
  readonly ended: number;
}

/** The policy and its state: takes an event in, does what follows from it before it returns. */
export interface Decider extends Disposable {
  /** Decides and acts, synchronously. */
  feed(event: PolicyEvent): void;
  /**
   * What would be done upon events that do not come to pass, each by itself.
   *
   * @param given what is taken to have happened before; null for nothing
   */
  foresight(given: PolicyEvent | null): (event: PolicyEvent) => readonly Effect[];
  /** Goes on under another policy, without a bounce of what did not change. */
  replace(policy: Policy): void;
  status(): Status;
  explain(): Explanation;
}

/**
 * How often the answers to effects may lead to further effects within one moment. One is usual (a failure plans a
 * retry for later); the limit keeps a fault in the rules from holding the event loop.
 */
const ROUNDS = 8;

/** The longest that setTimeout() can be asked to wait. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * @param first the policy to begin with
 * @param tell called after each event, when everything that follows from it is done; must not throw
 * @param before called before each event, and before the policy is replaced
 * @param now monotonic milliseconds. Default: {@link monotonicNow}
 */
export function decider(
  first: Policy,
  actuator: Actuator,
  tell: (moment: Moment) => void,
  before: () => void = () => {},
  now: () => number = monotonicNow,
): Decider {
  let policy = first;
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
    before();
    const began = now();
    settle(event, step(policy, state, event, began), began);
  }

  function settle(event: PolicyEvent, first: Step, began: number): void {
    let taken = first;
    take(taken);
    if (taken.effects.length === 0) {
      tell({ event, transitions: taken.transitions, outcomes: [], began, ended: began });
      return;
    }
    const transitions = [...taken.transitions];
    const outcomes: Outcome[] = [];
    let ended = began;
    for (let round = 0; round < ROUNDS && taken.effects.length > 0; round += 1) {
      // Every destination is tried, whatever becomes of the one before it; the answers are told afterwards.
      const answers = taken.effects.map((effect) => actuator.apply(effect));
      ended = now();
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
    tell({ event, transitions, outcomes, began, ended });
  }

  /** The state as it is at this moment; what is due at it is left to the timer. */
  function present(): State {
    return step(policy, state, { type: 'tick' }, now()).state;
  }

  const begin = start(policy, now());
  state = begin.state;
  take(begin);

  return {
    feed,
    foresight(given) {
      const at = now();
      const from = given === null ? state : step(policy, state, given, at).state;
      return (event) => step(policy, from, event, at).effects;
    },
    replace(next) {
      before();
      const began = now();
      const taken = recompile(policy, state, next, began);
      policy = next;
      settle({ type: 'tick' }, taken, began);
    },
    status: () => describe(policy, present()),
    explain: () => explain(policy, present()),
    [Symbol.dispose]() {
      arm(null);
    },
  };
}
