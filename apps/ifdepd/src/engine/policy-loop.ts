import type { Effect, Policy, PolicyEvent, Step } from '@ifdepd/policy';
import { type Deferral, type Loop, realLoop } from '../system/loop.ts';
import type { Actuator, Outcome } from './actuator.ts';
import { deadlineTimer } from './deadline-timer.ts';
import { type Decision, decisions, type OpenDecision } from './decisions.ts';
import type { PolicyState } from './policy-state.ts';

export type { Decision } from './decisions.ts';

/** Hears of what a loop does. Must not throw. */
export interface LoopListener {
  /** An event was taken in, and what follows from it is done, or time is up. */
  readonly decided?: (decision: Decision) => void;
  /** Nothing is done any more, for now or for good: called before the decision is reported. */
  readonly rested?: () => void;
}

/** The options of {@link policyLoop}. */
export interface PolicyLoopOptions {
  readonly state: PolicyState;
  readonly actuator: Actuator;
  /**
   * Feeds what the kernel has reported by now; false where it could not be read to its end. Called before each write, so that
   * none is made for a state that is past. Default: the kernel reports nothing
   */
  readonly look?: () => boolean;
  /** Default: that of this process. */
  readonly eventLoop?: Loop;
}

/** An effect that is not applied yet, and what it belongs to. */
interface Wanted {
  readonly effect: Effect;
  readonly decision: OpenDecision;
}

/**
 * How long destinations are set before the event loop goes on: some hundred of them that take the usual 50 µs, and
 * one that takes longer.
 */
const SLICE_MS = 5;

/**
 * A slice that took this long made a slow call. The event loop has some turns of its own then, in which nothing is set: a client of
 * the control socket needs three, to be accepted, read and answered. An idle turn takes microseconds.
 */
const SLOW_MS = 10;
const TURNS_AFTER_SLOW = 4;

/** Feeds the policy, and does what it wants by then. */
export type PolicyLoop = ReturnType<typeof policyLoop>;

/**
 * Level-triggered: what was decided and not done yet waits by destination, and a later decision replaces it. Before
 * each write the messages of the kernel are read, and what no longer stands is not done.
 */
export function policyLoop({ state, actuator, look = () => true, eventLoop = realLoop }: PolicyLoopOptions) {
  const { now } = state;
  const wanted = new Map<string, Wanted>();
  /** Effects that programs carry out, by destination, and those of these destinations for which another effect followed. */
  const carriedOut = new Map<string, Effect>();
  const replaced = new Set<string>();
  const listeners: LoopListener[] = [];
  const open = decisions((decision) => {
    for (const { decided } of listeners) {
      decided?.(decision);
    }
  });
  const timer = deadlineTimer(eventLoop, look, () => feed({ type: 'tick' }));
  let nextSlice: Deferral | undefined;
  let gathering = 0;
  /** The moment of all events that are taken in together; undefined where they are not. */
  let moment: number | undefined;
  let acting = false;
  /** Whether nothing is set before the next slice. */
  let resting = false;
  /** How many effects were applied: what was known before the last one may be past. */
  let applied = 0;

  function follow({ nextDeadline, transitions, effects }: Step, decision: OpenDecision): void {
    timer.arm(nextDeadline);
    decision.transitions.push(...transitions);
    for (const effect of effects) {
      if (carriedOut.has(effect.destination)) {
        replaced.add(effect.destination);
        continue;
      }
      const overtaken = wanted.get(effect.destination);
      if (overtaken !== undefined) {
        drop(overtaken);
      }
      wanted.set(effect.destination, { effect, decision });
      decision.due += 1;
    }
  }

  /**
   * A program has ended: a decision of its own, since those that it was for have been reported. Where another effect has replaced
   * that of the program, its answer alone would read like a change by another program: the destination is unknown first.
   */
  function settle(outcome: Outcome): void {
    const { effect, answer } = outcome;
    const { destination } = effect;
    if (carriedOut.get(destination) !== effect) {
      return;
    }
    carriedOut.delete(destination);
    const at = now();
    const decision = open.begin(answer, at);
    note(decision, outcome, at);
    if (replaced.delete(destination)) {
      const unknown = state.take({ type: 'destination', id: destination, is: 'unknown' }, at);
      follow(unknown, decision);
      // The state that the program has set is past if the destination is to be set down again.
      if (answer.type === 'destination' && (answer.is !== 'up' || unknown.effects.length === 0)) {
        follow(state.take({ ...answer, owned: true }, at), decision);
      }
    } else {
      follow(state.take(answer, at), decision);
    }
    if (!resting) {
      act(false);
    }
  }

  /** It is not done; unless it was already, in our name. */
  function drop({ effect, decision }: Wanted): void {
    wanted.delete(effect.destination);
    decision.due -= 1;
    const outcome = actuator.done(effect);
    if (outcome !== null) {
      note(decision, outcome, now());
    }
  }

  /** Messages that were read may be acted on at once, unless something was set meanwhile. */
  function lookFirst(): boolean {
    const before = applied;
    return look() && applied === before;
  }

  /**
   * Takes an event in, after what the kernel has reported by now. What follows is done before it returns, or as much of it
   * as there is time for.
   */
  function feed(event: PolicyEvent): void {
    if (gathering > 0 || acting) {
      takeIn(event);
      return;
    }
    const known = lookFirst();
    takeIn(event);
    if (!resting) {
      act(known);
    }
  }

  /**
   * Events that are fed within are taken in together, before anything is done. They are of one moment: a return that is over
   * by then has lasted for no time.
   *
   * @param known whether all messages of the kernel have been read. Default: they are, first
   */
  function together(feeding: () => void, known = false): void {
    const outermost = gathering === 0 && !acting;
    const fresh = known || !outermost || lookFirst();
    const before = moment;
    moment ??= now();
    gathering += 1;
    try {
      feeding();
    } finally {
      gathering -= 1;
      moment = before;
    }
    if (outermost && !resting) {
      act(fresh);
    }
  }

  function takeIn(event: PolicyEvent): void {
    const began = moment ?? now();
    follow(state.take(event, began), open.begin(event, began));
  }

  /** @param fresh whether all messages of the kernel have been read */
  function act(fresh: boolean, withinMs: number = SLICE_MS): void {
    eventLoop.cancel(nextSlice);
    resting = false;
    acting = true;
    const began = now();
    try {
      setAll(fresh, withinMs);
    } finally {
      acting = false;
    }
    const turns = now() - began < SLOW_MS ? 1 : TURNS_AFTER_SLOW;
    // Before anything is reported, which may take long: the next loss need not wait for that.
    for (const { rested } of listeners) {
      rested?.();
    }
    open.report();
    if (wanted.size > 0) {
      actAfter(turns);
    }
  }

  /** Goes on in a later turn of the event loop. Until the one before it, what is fed is taken in and no more. */
  function actAfter(turns: number): void {
    resting = turns > 1;
    // An event fed while it rests may have scheduled one.
    eventLoop.cancel(nextSlice);
    nextSlice = eventLoop.defer(() => (turns > 1 ? actAfter(turns - 1) : act(false)));
  }

  function setAll(fresh: boolean, withinMs: number): void {
    const until = now() + withinMs;
    let known = fresh;
    while (wanted.size > 0 && (known || look())) {
      known = false;
      for (const next of wanted.values()) {
        setOne(next);
        break;
      }
      if (now() >= until) {
        return;
      }
    }
  }

  function setOne(next: Wanted): void {
    const { effect, decision } = next;
    if (state.stands(effect)) {
      wanted.delete(effect.destination);
      decision.due -= 1;
      const outcome = actuator.apply(effect);
      applied += 1;
      if (outcome instanceof Promise) {
        carriedOut.set(effect.destination, effect);
        void outcome.then(settle);
        return;
      }
      const at = now();
      note(decision, outcome, at);
      follow(state.take(outcome.answer, at), decision);
    } else {
      drop(next);
      follow(state.take(actuator.read(effect), now()), decision);
    }
  }

  return {
    /** Calls the listener from now on, after those before it. */
    subscribe: (listener: LoopListener) => void listeners.push(listener),
    feed,
    /** Takes in an event that is past: it counts, and nothing is done about it. */
    feedPast(event: PolicyEvent): void {
      const began = moment ?? now();
      follow(state.take(event, began), open.past(began));
    },
    together,
    /** Whether a destination is about to be set: what it is now says nothing then. */
    isDue: (destination: string) => wanted.has(destination) || carriedOut.has(destination),
    /** Whether anything is being done, or waits to be done, except by a program. */
    get busy(): boolean {
      return acting || wanted.size > 0;
    },
    /** Does what is still to be done, for so many milliseconds at most. */
    finish(withinMs: number): void {
      const until = now() + withinMs;
      for (let left = withinMs; wanted.size > 0 && left > 0; left = until - now()) {
        act(false, left);
      }
      eventLoop.cancel(nextSlice);
      resting = false;
    },
    /** Goes on under another policy, without a bounce of what did not change. */
    replace(policy: Policy): void {
      const began = now();
      follow(state.replace(policy, began), open.begin({ type: 'tick' }, began));
      if (gathering === 0 && !acting) {
        act(false);
      }
    },
    [Symbol.dispose]() {
      timer.arm(null);
      eventLoop.cancel(nextSlice);
      wanted.clear();
      carriedOut.clear();
    },
  };
}

function note(decision: OpenDecision, outcome: Outcome, at: number): void {
  decision.outcomes.push(outcome);
  decision.ended = at;
}
