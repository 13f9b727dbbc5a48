import type { Effect, Explanation, Policy, PolicyEvent, Status } from '@ifdepd/policy';
import type { Actuator } from './actuator.ts';
import type { Decision } from './decisions.ts';
import type { Explainer } from './explain-parts.ts';
import type { GoOn } from './resume.ts';

/** The policy and its state: takes events in, and does what it wants by then. */
export interface PolicyLoop extends Disposable {
  /**
   * Takes an event in, after what the kernel has told by now. What follows is done before it returns, or as much of it
   * as there is time for.
   */
  feed(event: PolicyEvent): void;
  /**
   * Events that are fed within are taken in together, before anything is done.
   *
   * @param known whether what the kernel has told by now is known, or among them. Default: it is looked for first
   */
  together(feeding: () => void, known?: boolean): void;
  /** Takes in what was so and is no more: it counts, and nothing is done about it. */
  feedPast(event: PolicyEvent): void;
  /** Whether a destination is about to be set: what it is now says nothing then. */
  isDue(destination: string): boolean;
  /** Whether anything is being done, or waits for its turn. */
  readonly busy: boolean;
  /** Does what is still to be done, for so many milliseconds at most. */
  finish(withinMs: number): void;
  /**
   * What would be done upon events that do not come to pass, each by itself.
   *
   * @param given what is taken to have happened before; null for nothing
   */
  foresight(given: PolicyEvent | null): (event: PolicyEvent) => readonly Effect[];
  /** Goes on under another policy, without a bounce of what did not change. */
  replace(policy: Policy): void;
  /** The state as the next process of this boot may go on with it. */
  serialize(): string;
  status(): Status;
  explain(): Explanation;
  /** Explains parts of the present state, also later, as it is now. */
  explainer(): Explainer;
}

/** What a policyLoop works with. */
export interface PolicyLoopOptions {
  readonly policy: Policy;
  readonly actuator: Actuator;
  /** Called after an event, when what follows from it is done, or time is up; must not throw. */
  readonly tell: (decision: Decision) => void;
  /**
   * Feeds what the kernel has told by now; false where it could not be read to its end. Asked before each write, so that
   * none is made for a state that is past.
   */
  readonly look?: () => boolean;
  /** Called when nothing is done any more, for now or for good. */
  readonly rest?: () => void;
  /** Monotonic milliseconds. Default: the process's own */
  readonly now?: (() => number) | undefined;
  /** Asked with the first complete readings. Default: it begins as a first start does. */
  readonly goOn?: GoOn | undefined;
}
