import { checkEvent, checkList, checkOnly, checkTime } from './check.ts';
import { start } from './engine/start.ts';
import { step } from './engine/step.ts';
import type { Effect, PolicyEvent, Transition } from './events.ts';
import type { Policy } from './policy.ts';
import type { State } from './state.ts';

/** One entry of a timeline. */
export interface TimelineEntry {
  /** Monotonic milliseconds, not before the entry before it. */
  readonly at: number;
  readonly event: PolicyEvent;
}

/** Options of `simulate`. */
export interface SimulateOptions {
  /** When the policy starts. Default: at the first entry, or at 0 without entries. */
  readonly start?: number;
  /** How long deadlines are followed after the last entry. Default: until none is left. */
  readonly until?: number;
  /**
   * Whether every effect is confirmed at once by a `destination` event. Set it to false to replay a recording with its own
   * confirmations and failures. Default: true.
   */
  readonly obey?: boolean;
}

/** The result at one time; `event` is null for a deadline. */
export interface TraceEntry {
  readonly at: number;
  readonly event: PolicyEvent | null;
  readonly transitions: readonly Transition[];
  readonly effects: readonly Effect[];
}

/** A whole simulation. */
export interface Trace {
  /** Every entry of the timeline, and every deadline that changed something. */
  readonly entries: readonly TraceEntry[];
  readonly state: State;
}

/**
 * Feeds a recorded or written timeline to a policy and follows every deadline in between.
 *
 * @throws {TypeError} when an entry is not what its type says, or is earlier than the one before it
 *
 * @example
 * ```ts
 * import { compile, simulate } from '@ifdepd/policy';
 *
 * const policy = compile({ groups: { web: { require: 'db', destinations: ['shop'], downDelayMs: 500 } } });
 * const db = (health: 'active' | 'failed') => ({ id: 'db', health, reason: health });
 * const { entries } = simulate(policy, [
 *   { at: 0, event: { type: 'sources', complete: true, sources: [db('active')], destinations: [{ id: 'shop', is: 'up' }] } },
 *   { at: 1_000, event: { type: 'source', source: db('failed') } },
 * ]);
 * for (const { at, transitions } of entries) {
 *   for (const { group, to } of transitions) console.log(`${at} ${group} ${to}`);
 * }
 * // 0 web up
 * // 1000 web going-down
 * // 1500 web down
 * ```
 */
export function simulate(
  policy: Policy,
  timeline: readonly TimelineEntry[],
  options: SimulateOptions = {},
): Trace {
  let before = Number.NEGATIVE_INFINITY;
  checkOnly(options);
  checkList(timeline, 'timeline', (entry, part) => {
    const { at, event } = Object(entry) as TimelineEntry;
    checkTime(`${part}.at`, at);
    checkEvent(event, `${part}.event`);
    if (at < before) throw new TypeError(`${part}.at is ${at}, before that of the entry before it.`);
    before = at;
  });
  const { start: begin = timeline[0]?.at ?? 0, until = Number.POSITIVE_INFINITY, obey = true } = options;
  const entries: TraceEntry[] = [];
  let current = start(policy, begin);
  const feed = (at: number, event: PolicyEvent | null): void => {
    current = step(policy, current.state, event ?? { type: 'tick' }, at);
    const { transitions, effects } = current;
    if (event !== null || transitions.length + effects.length > 0) {
      entries.push({ at, event, transitions, effects });
    }
    if (!obey) return;
    for (const { destination: id, to: is } of effects) {
      current = step(policy, current.state, { type: 'destination', id, is }, at);
    }
  };
  const follow = (due: (deadline: number) => boolean): void => {
    let { nextDeadline } = current;
    while (nextDeadline !== null && due(nextDeadline)) {
      feed(nextDeadline, null);
      nextDeadline = current.nextDeadline;
    }
  };
  for (const { at, event } of timeline) {
    follow((deadline) => deadline < at);
    feed(at, event);
  }
  follow((deadline) => deadline <= until);
  return { entries, state: current.state };
}
