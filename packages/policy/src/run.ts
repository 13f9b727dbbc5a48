import { checkEvent, checkOnly, must } from './check.ts';
import { start } from './engine/start.ts';
import { step } from './engine/step.ts';
import type { Effect, PolicyEvent, Presence, Transition } from './events.ts';
import { describe } from './explain/describe.ts';
import { type ExplainOptions, explain } from './explain/explain.ts';
import { LONGEST_MS } from './knobs.ts';
import type { Policy } from './policy.ts';
import type { State } from './state.ts';
import type { Explanation, Status } from './status.ts';

/** What a destination is after an effect; undefined: what the effect asked for. */
export type Applied = Presence | 'unknown' | undefined;

/** The options of {@link run}. */
export interface RunOptions {
  /**
   * Makes a change. It may take its time: the destination gets no other effect before the answer, and then the latest one. What it
   * throws, or rejects with, is a failed effect, which is retried after 100 ms, doubling to 30 s.
   */
  readonly apply: (effect: Effect) => Applied | void | Promise<Applied> | Promise<void>;
  /** What a destination is at the start. Default: unknown, which is set down where it has to be down, and is not raised on a guess. */
  readonly read?: (destination: string) => Presence | 'unknown';
  /** Monotonic milliseconds. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Calls back once after some milliseconds, and returns what cancels that. Default: `setTimeout`. */
  readonly timer?: (ms: number, then: () => void) => () => void;
  /** A state to go on with, such as `restore` returns. Default: every source is unknown until it is fed. */
  readonly state?: State;
}

/** What one event led to. */
export interface RunChange {
  readonly event: PolicyEvent;
  readonly transitions: readonly Transition[];
  readonly effects: readonly Effect[];
}

/** A policy that runs: it keeps its state, its one timer, and the effects that are under way. */
export interface Run<Event = PolicyEvent> extends Disposable {
  /** Takes an event in. After the end it does nothing. @throws {TypeError} when the event is not what its type says */
  feed(event: Event): void;
  /** For `serialize` and `recompile`. */
  readonly state: State;
  /** The state as data. */
  readonly status: Status;
  /** Why it is so. */
  explain(options?: ExplainOptions): Explanation;
  /** Calls back after each event, when its effects have been handed over. @returns what ends that */
  subscribe(listener: (change: RunChange) => void): () => void;
}

/** What every host of the language has, and its own library does not name. */
const host = globalThis as unknown as {
  readonly performance: { now(): number };
  setTimeout(then: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
};

function hostTimer(ms: number, then: () => void): () => void {
  const timer = host.setTimeout(then, ms);
  return () => host.clearTimeout(timer);
}

/**
 * Runs a policy in a program: events in, effects out, and the clock between them. Each source is unknown until it is fed, and a group
 * decides as soon as what it knows is enough.
 *
 * @throws {TypeError} when an argument is not what its type says
 *
 * @example
 * ```ts
 * import { compile, run } from '@ifdepd/policy';
 *
 * const policy = compile({ groups: { checkout: { require: 'database', destinations: ['payments'] } } });
 * using running = run(policy, {
 *   read: () => 'up',
 *   apply: ({ destination, to }) => console.log(`${destination} ${to}`), // payments down
 * });
 * running.feed({ type: 'source', source: { id: 'database', health: 'failed', reason: 'no answer' } });
 * ```
 */
export function run<Source extends string, Group extends string, Destination extends string>(
  policy: Policy<Source, Group, Destination>,
  options: RunOptions,
): Run<PolicyEvent<Source, Group, Destination>> {
  checkOnly(options);
  const { apply, clock = () => host.performance.now(), read = () => 'unknown', timer = hostTimer } = options;
  must(typeof apply === 'function', 'options.apply', 'a function', apply);
  const listeners = new Set<(change: RunChange) => void>();
  const waiting: PolicyEvent[] = [];
  /** Destinations with an effect that takes its time, and what has overtaken it meanwhile. */
  const underWay = new Map<string, Effect | null>();
  let state = options.state ?? start(policy, clock()).state;
  let cancel: (() => void) | null = null;
  let busy = false;
  let ended = false;

  function feed(event: PolicyEvent): void {
    checkEvent(event);
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next !== undefined && !ended; next = waiting.shift()) take(next);
    } finally {
      busy = false;
    }
  }

  function take(event: PolicyEvent): void {
    const now = clock();
    const { state: next, effects, transitions, nextDeadline } = step(policy as Policy, state, event, now);
    state = next;
    cancel?.();
    cancel =
      nextDeadline === null
        ? null
        : timer(Math.min(LONGEST_MS, Math.max(0, Math.ceil(nextDeadline - now))), () =>
            feed({ type: 'tick' }),
          );
    for (const effect of effects) hand(effect);
    for (const listener of listeners) listener({ event, transitions, effects });
  }

  /** One effect at a time for each destination: what is wanted by the end of one that takes its time comes next. */
  function hand(effect: Effect): void {
    if (underWay.has(effect.destination)) {
      underWay.set(effect.destination, effect);
      return;
    }
    try {
      const answered = apply(effect);
      if (typeof answered === 'object') {
        underWay.set(effect.destination, null);
        (answered as Promise<Applied>).then(
          (is) => landed(effect, readingAfter(effect, is)),
          (error) => landed(effect, failureOf(effect, error)),
        );
      } else {
        answer(readingAfter(effect, answered as Applied));
      }
    } catch (error) {
      answer(failureOf(effect, error));
    }
  }

  /** An effect that took its time is over. Its answer counts unless another effect has overtaken it. */
  function landed({ destination }: Effect, event: PolicyEvent): void {
    const next = underWay.get(destination);
    underWay.delete(destination);
    if (next && !ended) hand(next);
    else answer(event);
  }

  function answer(event: PolicyEvent): void {
    if (!ended) feed(event);
  }

  if (options.state === undefined) {
    feed({
      type: 'sources',
      complete: true,
      sources: policy.sources.map((id) => ({ id, health: 'unknown', reason: 'not read yet' })),
      destinations: policy.destinations.map((id) => ({ id, is: read(id) })),
    });
  } else {
    feed({ type: 'tick' });
  }

  return {
    feed: answer,
    get state() {
      return state;
    },
    get status() {
      return describe(policy, state);
    },
    explain: (only) => explain(policy, state, only),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.dispose]() {
      ended = true;
      cancel?.();
      listeners.clear();
    },
  };
}

function readingAfter({ destination, to }: Effect, is: Applied): PolicyEvent {
  return { type: 'destination', id: destination, is: is ?? to };
}

function failureOf(effect: Effect, error: unknown): PolicyEvent {
  return { type: 'effect-failed', effect, code: codeOf(error) };
}

/** `ECONNREFUSED`, or the message of an error without a code. */
function codeOf(error: unknown): string {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  return [code, message].find((one) => typeof one === 'string') ?? String(error);
}
