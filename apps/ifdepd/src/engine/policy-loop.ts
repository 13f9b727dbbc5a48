import {
  describe,
  type Effect,
  explain,
  type PolicyEvent,
  recompile,
  type State,
  type Step,
  serialize,
  stands,
  start,
  step,
} from '@ifdepd/policy';
import { monotonicNow } from '../system/clock.ts';
import type { Outcome } from './actuator.ts';
import { decisions, type OpenDecision } from './decisions.ts';
import type { PolicyLoop, PolicyLoopOptions } from './policy-loop-parts.ts';

export type { Decision } from './decisions.ts';
export type { PolicyLoop } from './policy-loop-parts.ts';

/** An effect that is not applied yet, and what it belongs to. */
interface Wanted {
  readonly effect: Effect;
  readonly decision: OpenDecision;
}

/**
 * How long destinations are set before the event loop has its turn: some hundred of them that take the usual 50 µs, and
 * one that takes longer.
 */
const SLICE_MS = 5;

/** The longest that setTimeout() can be asked to wait. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Level-triggered: what was decided and not done yet waits by destination, and a later decision takes its place. Before
 * each write the kernel is asked for news, and what no longer stands is not done.
 */
export function policyLoop({
  policy: first,
  actuator,
  tell,
  look = () => true,
  rest = () => {},
  now = monotonicNow,
  goOn = () => null,
}: PolicyLoopOptions): PolicyLoop {
  const wanted = new Map<string, Wanted>();
  const told = decisions(tell);
  let policy = first;
  let timer: NodeJS.Timeout | undefined;
  let timerAt: number | null = null;
  let turn: NodeJS.Immediate | undefined;
  let gathering = 0;
  let acting = false;
  /** How many effects were applied: what was known before the last one may be past. */
  let applied = 0;
  let state: State;

  function take({ state: next, nextDeadline, transitions, effects }: Step, decision: OpenDecision): void {
    state = next;
    if (nextDeadline !== timerAt) {
      arm(nextDeadline);
    }
    decision.transitions.push(...transitions);
    for (const effect of effects) {
      const overtaken = wanted.get(effect.destination);
      if (overtaken !== undefined) {
        drop(overtaken);
      }
      wanted.set(effect.destination, { effect, decision });
      decision.due += 1;
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

  /** What is looked for may be acted on at once: what happened meanwhile is not known then. */
  function lookFirst(): boolean {
    const before = applied;
    return look() && applied === before;
  }

  /** What the kernel has told by then came before it. */
  function due(): void {
    if (look()) {
      timerAt = null;
      feed({ type: 'tick' });
    } else {
      clearTimeout(timer);
      timer = setTimeout(due, 1);
    }
  }

  function feed(event: PolicyEvent): void {
    if (gathering > 0 || acting) {
      takeIn(event);
      return;
    }
    const known = lookFirst();
    takeIn(event);
    act(known);
  }

  function together(feeding: () => void, fresh = false): void {
    const outermost = gathering === 0 && !acting;
    const known = fresh || !outermost || lookFirst();
    gathering += 1;
    try {
      feeding();
    } finally {
      gathering -= 1;
    }
    if (outermost) {
      act(known);
    }
  }

  function takeIn(event: PolicyEvent): void {
    const began = now();
    take(following(event, began), told.begin(event, began));
  }

  function following(event: PolicyEvent, at: number): Step {
    const first = !state.ready && event.type === 'sources' && event.complete && event.destinations;
    return (first ? goOn(policy, event, at) : null) ?? step(policy, state, event, at);
  }

  /** @param fresh whether everything that the kernel has told is known */
  function act(fresh: boolean, withinMs: number = SLICE_MS): void {
    clearImmediate(turn);
    turn = undefined;
    acting = true;
    try {
      setAll(fresh, withinMs);
    } finally {
      acting = false;
    }
    told.tell();
    rest();
    if (wanted.size > 0) {
      turn ??= setImmediate(() => act(false));
    }
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
    if (stands(policy, state, effect)) {
      wanted.delete(effect.destination);
      decision.due -= 1;
      const outcome = actuator.apply(effect);
      applied += 1;
      const at = now();
      note(decision, outcome, at);
      take(step(policy, state, outcome.answer, at), decision);
    } else {
      drop(next);
      take(step(policy, state, actuator.read(effect), now()), decision);
    }
  }

  /** The state as it is at this moment; what is due at it is left to the timer. */
  function present(): State {
    return step(policy, state, { type: 'tick' }, now()).state;
  }

  state = start(policy, now()).state;

  return {
    feed,
    feedPast(event) {
      const began = now();
      take(step(policy, state, event, began), told.past(began));
    },
    together,
    isDue: (destination) => wanted.has(destination),
    get busy() {
      return acting || wanted.size > 0;
    },
    finish(withinMs) {
      const until = now() + withinMs;
      for (let left = withinMs; wanted.size > 0 && left > 0; left = until - now()) {
        act(false, left);
      }
      clearImmediate(turn);
    },
    foresight(given) {
      const at = now();
      const from = given === null ? state : step(policy, state, given, at).state;
      return (event) => step(policy, from, event, at).effects;
    },
    replace(next) {
      const began = now();
      const taken = recompile(policy, state, next, began);
      policy = next;
      take(taken, told.begin({ type: 'tick' }, began));
      if (gathering === 0 && !acting) {
        act(false);
      }
    },
    serialize: () => serialize(policy, state),
    status: () => describe(policy, present()),
    explain: () => explain(policy, present()),
    explainer() {
      const [rules, now] = [policy, present()];
      return { status: describe(rules, now), explain: (only) => explain(rules, now, { only }) };
    },
    [Symbol.dispose]() {
      arm(null);
      clearImmediate(turn);
      wanted.clear();
    },
  };
}

function note(decision: OpenDecision, outcome: Outcome, at: number): void {
  decision.outcomes.push(outcome);
  decision.ended = at;
}
