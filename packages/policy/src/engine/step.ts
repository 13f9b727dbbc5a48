import { checkEvent, checkState, checkTime } from '../check.ts';
import type { DestinationReading, PolicyEvent, SourceReading } from '../events.ts';
import { type Compiled, own, type Policy } from '../policy.ts';
import type { State, Step } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { copyGroup } from './copy.ts';
import { type Draft, enqueue, expired, nextDeadline, open } from './draft.ts';
import { evaluateAll, store } from './evaluate.ts';
import { enter } from './phase.ts';
import { edit, failTarget, readTarget, settleTargets } from './target.ts';
import { isHeld } from './verdict.ts';

/**
 * Computes the consequences of one event. A pure function: it does not change `state`, and the same arguments give the
 * same result.
 *
 * The event counts before deadlines that have passed: a source that returns at the last moment, or while a timer
 * is late, has returned. `now` never runs backwards; an earlier value counts as the time of the state.
 *
 * @param now monotonic milliseconds
 * @throws {StateError} when the state belongs to another policy (use `recompile`)
 * @throws {TypeError} when an argument is not what its type says; the message names the part and its value
 *
 * @example
 * ```ts
 * import { compile, start, step } from '@ifdepd/policy';
 *
 * const policy = compile({ groups: { web: { require: 'db', destinations: ['shop'] } } });
 * const { state } = start(policy, 0);
 * const { effects } = step(
 *   policy,
 *   state,
 *   {
 *     type: 'sources',
 *     complete: true,
 *     sources: [{ id: 'db', health: 'failed', reason: 'no answer' }],
 *     destinations: [{ id: 'shop', is: 'up' }],
 *   },
 *   0,
 * );
 * console.log(effects.map(({ destination, to }) => `${destination} ${to}`).join()); // shop down
 * ```
 */
export function step(policy: Policy, state: State, event: PolicyEvent, now: number): Step {
  checkState(policy, state);
  checkEvent(event);
  checkTime('now', now);
  const draft = open(policy as Compiled, state, Math.max(now, state.now));
  take(draft, event);
  return finish(draft);
}

/** Evaluates what an event has changed, and ends it. */
export function finish(draft: Draft): Step {
  const { policy, state, work, effects, transitions } = draft;
  const { length } = policy.groups;
  for (const slot of expired(draft)) {
    if (slot < length) enqueue(draft, slot);
    else edit(draft, slot - length);
  }
  evaluateAll(draft);
  settleTargets(draft);
  state.counters.transitions += transitions.length;
  state.counters.effects += effects.length;
  return { state, effects, transitions, nextDeadline: nextDeadline(state), evaluated: work.length };
}

function take(draft: Draft, event: PolicyEvent): void {
  const { state } = draft;
  if (event.type === 'tick') return;
  state.counters.events += 1;
  if (event.type === 'source') {
    if (state.ready) readSource(draft, event.source);
  } else if (event.type === 'destination') {
    readTarget(draft, event);
  } else if (event.type === 'effect-failed') {
    failTarget(draft, event.effect, event.code);
  } else if (event.type === 'sources') {
    takeSnapshot(draft, event);
  } else {
    operate(draft, event);
  }
}

/** Reads destinations first: the decisions on this snapshot are compared with them. */
function takeSnapshot(draft: Draft, event: PolicyEvent & { type: 'sources' }): void {
  const { policy, state } = draft;
  const { complete, sources, destinations } = event;
  if (destinations !== undefined) {
    for (const reading of byId(complete ? policy.destinations : [], destinations)) readTarget(draft, reading);
  }
  if (complete && !state.ready) {
    state.ready = true;
    // Decisions begin here: a group with a start hold goes down, whatever its requirement is.
    policy.gates.forEach(({ group }, gate) => {
      if (group?.startHoldMs) enqueue(draft, gate);
    });
  }
  if (!state.ready) return;
  for (const reading of byId(complete ? policy.sources : [], sources)) readSource(draft, reading);
}

/** One reading for each id: the last listed one; for an id that is not listed, `missing`. */
function byId<Reading extends SourceReading | DestinationReading>(
  ids: readonly string[],
  listed: readonly Reading[],
): Iterable<Reading | Missing> {
  const readings = new Map<string, Reading | Missing>();
  for (const id of ids) readings.set(id, { id, health: 'failed', reason: 'missing', is: 'missing' });
  for (const reading of listed) readings.set(reading.id, reading);
  return readings.values();
}

/** The reading of a source or a destination that is not listed. */
type Missing = SourceReading & DestinationReading;

function readSource(draft: Draft, { id, health, reason }: SourceReading): void {
  const { policy, state } = draft;
  const source = own(policy.sourceIndex, id);
  if (source === undefined) return;
  const was = get(state.sources, source);
  const same = was.health === health;
  if (same && was.reason === reason) return;
  const since = same ? was.since : state.now;
  state.sources = put(state.sources, source, { health, reason, since });
  if (same) return;
  for (const { to, weight } of at(policy.readers, source)) enqueue(draft, to, weight, was.health, health);
}

/** The events of an operator. */
type OperatorEvent = Extract<PolicyEvent, { readonly group: string }>;

/** Applies what an operator asked for. */
function operate(draft: Draft, event: OperatorEvent): void {
  const { policy, state } = draft;
  const number = own(policy.groupIndex, event.group);
  if (number === undefined) return;
  const was = get(state.gates, number);
  const group = copyGroup(was.group ?? {}, state.now);
  if (event.type === 'restore') {
    group.latched = false;
    enqueue(draft, number);
  } else if (event.type === 'resume') {
    if (!isHeld(group.phase)) return;
    group.until = state.now;
  } else {
    const phase = event.type === 'pause' ? 'paused' : 'drained';
    const { until = null } = event;
    if (until !== null && until <= state.now) return;
    group.until = until;
    if (group.phase !== phase) enter(group, phase, state.now);
  }
  store(draft, number, was, { ...was, group });
}
