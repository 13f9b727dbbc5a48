import type { DestinationReading, PolicyEvent, SourceReading } from '../events.ts';
import { own } from '../own.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State, Step } from '../state.ts';
import { StateError } from '../state-error.ts';
import { at, get, put } from '../vec.ts';
import { copyGroup } from './copy.ts';
import { close, type Draft, enqueue, expired, open } from './draft.ts';
import { evaluateAll, store } from './evaluate.ts';
import { enter } from './phase.ts';
import { edit, failTarget, groupOf, readTarget, settleTargets } from './target.ts';

/**
 * What follows from one event. A pure function: `state` is not changed, and the same arguments give the same result.
 *
 * The event counts before the deadlines that have passed: a source that returns in the last moment, or while a timer
 * was late, has returned. `now` never runs backwards; an earlier one is taken as that of the state.
 *
 * @param now monotonic milliseconds
 * @throws {StateError} when the state belongs to another policy (use `recompile`)
 */
export function step(policy: Policy, state: State, event: PolicyEvent, now: number): Step {
  if (state.policy !== policy.fingerprint) {
    throw new StateError('This state belongs to another policy: recompile() continues it under this one.');
  }
  const draft = open(policy as Compiled, state, Math.max(now, state.now));
  take(draft, event);
  return finish(draft);
}

/** Draws the conclusions from what has been taken in. */
export function finish(draft: Draft): Step {
  const { groups } = draft.policy;
  for (const slot of expired(draft)) {
    if (slot < groups.length) enqueue(draft, slot);
    else edit(draft, slot - groups.length);
  }
  evaluateAll(draft);
  settleTargets(draft);
  return close(draft);
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
    takePause(draft, event);
  }
}

/** Destinations first: what the groups decide on this very snapshot is compared with them. */
function takeSnapshot(draft: Draft, event: PolicyEvent & { type: 'sources' }): void {
  const { policy, state } = draft;
  const { complete, sources, destinations } = event;
  if (destinations !== undefined) {
    const absent = complete ? policy.destinations : [];
    const missing = (id: string): DestinationReading => ({ id, is: 'missing' });
    for (const reading of byId(absent, missing, destinations)) readTarget(draft, reading);
  }
  state.ready ||= complete;
  if (!state.ready) return;
  const absent = complete ? policy.sources : [];
  const missing = (id: string): SourceReading => ({ id, health: 'failed', reason: 'missing' });
  for (const reading of byId(absent, missing, sources)) readSource(draft, reading);
}

/** One reading for each id: the last one that is listed, or else what it means that there is none. */
function byId<Reading extends { readonly id: string }>(
  ids: readonly string[],
  missing: (id: string) => Reading,
  listed: readonly Reading[],
): Iterable<Reading> {
  const readings = new Map(ids.map((id) => [id, missing(id)]));
  for (const reading of listed) readings.set(reading.id, reading);
  return readings.values();
}

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

function takePause(draft: Draft, event: PolicyEvent & { type: 'pause' | 'resume' }): void {
  const { policy, state } = draft;
  const number = own(policy.groupIndex, event.group);
  if (number === undefined) return;
  const was = get(state.gates, number);
  const group = copyGroup(groupOf(state, number), state.now);
  const paused = group.phase === 'paused';
  if (event.type === 'resume') {
    if (!paused) return;
    group.until = state.now;
  } else {
    group.until = event.until ?? null;
    if (group.until !== null && group.until <= state.now) return;
    if (!paused) enter(group, 'paused', state.now);
  }
  store(draft, number, was, { ...was, group });
}
