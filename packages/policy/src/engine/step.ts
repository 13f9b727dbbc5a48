import type { PolicyEvent, SourceReading } from '../events.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State, Step } from '../state.ts';
import { StateError } from '../state-error.ts';
import { at, get, put } from '../vec.ts';
import { copyGroup } from './copy.ts';
import { close, type Draft, enqueue, expired, open } from './draft.ts';
import { evaluateAll, store } from './evaluate.ts';
import { enter } from './phase.ts';
import { edit, failTarget, readTarget, settleTargets } from './target.ts';

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
  const { groups, roots } = draft.policy;
  for (const slot of expired(draft)) {
    if (slot < groups.length) enqueue(draft, at(roots, slot));
    else edit(draft, slot - groups.length);
  }
  evaluateAll(draft);
  settleTargets(draft);
  return close(draft);
}

function take(draft: Draft, event: PolicyEvent): void {
  const { policy, state } = draft;
  if (event.type === 'tick') return;
  state.counters.events += 1;
  if (event.type === 'source') {
    if (state.ready) readSource(draft, event.source);
  } else if (event.type === 'sources') {
    takeSnapshot(draft, event);
  } else if (event.type === 'pause' || event.type === 'resume') {
    const gate = policy.groupIndex.get(event.group);
    if (gate !== undefined) takePause(draft, gate, event);
  } else {
    const failed = event.type === 'effect-failed';
    const target = policy.targetIndex.get(failed ? event.effect.destination : event.id);
    if (target === undefined) return;
    if (failed) failTarget(draft, target, event.effect, event.code);
    else readTarget(draft, target, event);
  }
}

/** Destinations first: what the groups decide on this very snapshot is compared with them. */
function takeSnapshot(draft: Draft, event: PolicyEvent & { type: 'sources' }): void {
  const { policy, state } = draft;
  const { complete, sources, destinations } = event;
  const missing = (ids: readonly string[], listed: readonly { readonly id: string }[]): string[] => {
    const set = new Set(listed.map(({ id }) => id));
    return complete ? ids.filter((id) => !set.has(id)) : [];
  };
  if (destinations !== undefined) {
    for (const reading of destinations) {
      const target = policy.targetIndex.get(reading.id);
      if (target !== undefined) readTarget(draft, target, reading);
    }
    for (const id of missing(policy.destinations, destinations)) {
      readTarget(draft, policy.targetIndex.get(id) as number, { is: 'missing' });
    }
  }
  state.ready ||= complete;
  if (!state.ready) return;
  for (const reading of sources) readSource(draft, reading);
  for (const id of missing(policy.sources, sources)) {
    readSource(draft, { id, health: 'failed', reason: 'missing' });
  }
}

function readSource(draft: Draft, { id, health, reason }: SourceReading): void {
  const { policy, state } = draft;
  const source = policy.sourceIndex.get(id);
  if (source === undefined) return;
  const was = get(state.sources, policy.shifts.sources, source);
  const same = was.health === health;
  if (same && was.reason === reason) return;
  const since = same ? was.since : state.now;
  state.sources = put(state.sources, policy.shifts.sources, source, { health, reason, since });
  if (same) return;
  for (const { to, weight } of at(policy.readers, source)) enqueue(draft, to, weight, was.health, health);
}

function takePause(draft: Draft, number: number, event: PolicyEvent & { type: 'pause' | 'resume' }): void {
  const { policy, state } = draft;
  const was = get(state.gates, policy.shifts.gates, number);
  const group = was.group && copyGroup(was.group, state.now);
  if (group === null) return;
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
