import type { PolicyEvent, SourceReading } from '../events.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State, Step } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { close, type Draft, dueSlots, enqueue, nextDeadline, open } from './draft.ts';
import { evaluateAll, setGroup } from './evaluate.ts';
import { pause } from './phase.ts';
import { failTarget, readTarget, settleTargets } from './target.ts';

/**
 * What follows from one event. A pure function: `state` is not changed, and the same arguments give the same result.
 *
 * The event counts before the deadlines that have passed: a source that returns in the last moment, or while a timer
 * was late, has returned. `now` never runs backwards; an earlier one is taken as that of the state.
 *
 * @param now monotonic milliseconds
 * @throws {RangeError} when the state belongs to another policy (use `recompile`)
 */
export function step(policy: Policy, state: State, event: PolicyEvent, now: number): Step {
  const compiled = policy as Compiled;
  if (state.policy !== policy.fingerprint) {
    throw new RangeError('The state belongs to another policy: recompile() continues it under this one.');
  }
  const idle = event.type === 'tick';
  if (idle && now <= state.now) {
    const { mins } = state;
    return { state, effects: [], transitions: [], nextDeadline: nextDeadline(mins), evaluated: 0 };
  }
  const draft = open(compiled, state, Math.max(now, state.now));
  take(draft, event);
  for (const slot of dueSlots(draft)) {
    if (slot < policy.groups.length) enqueue(draft, at(compiled.roots, slot), 0, 'unknown', 'unknown');
    else draft.touched.push(slot - policy.groups.length);
  }
  evaluateAll(draft);
  settleTargets(draft);
  return close(draft, state.counters, idle ? 0 : 1);
}

function take(draft: Draft, event: PolicyEvent): void {
  const { policy } = draft;
  switch (event.type) {
    case 'source':
      if (draft.ready) readSource(draft, event.source);
      break;
    case 'sources':
      takeSnapshot(draft, event);
      break;
    case 'destination': {
      const number = policy.targetIndex.get(event.id);
      if (number !== undefined) readTarget(draft, number, event);
      break;
    }
    case 'effect-failed': {
      const number = policy.targetIndex.get(event.effect.destination);
      if (number !== undefined) failTarget(draft, number, event.effect, event.code);
      break;
    }
    case 'pause':
    case 'resume': {
      const number = policy.groupIndex.get(event.group);
      if (number !== undefined) takePause(draft, number, event);
      break;
    }
    case 'tick':
      break;
  }
}

/** Destinations first: what a group decides on this very snapshot is compared with them. */
function takeSnapshot(draft: Draft, event: PolicyEvent & { type: 'sources' }): void {
  const { policy } = draft;
  const { complete, sources, destinations } = event;
  for (const reading of destinations ?? []) {
    const number = policy.targetIndex.get(reading.id);
    if (number !== undefined) readTarget(draft, number, reading);
  }
  if (complete && destinations !== undefined) {
    const listed = new Set(destinations.map(({ id }) => id));
    policy.destinations.forEach((id, number) => {
      if (!listed.has(id)) readTarget(draft, number, { is: 'missing' });
    });
  }
  draft.ready ||= complete;
  if (!draft.ready) return;
  for (const reading of sources) readSource(draft, reading);
  if (!complete) return;
  const listed = new Set(sources.map(({ id }) => id));
  for (const id of policy.sources) {
    if (!listed.has(id)) readSource(draft, { id, health: 'failed', reason: 'missing' });
  }
}

function readSource(draft: Draft, { id, health, reason }: SourceReading): void {
  const { sourceIndex, shifts, readers } = draft.policy;
  const number = sourceIndex.get(id);
  if (number === undefined) return;
  const was = get(draft.sources, shifts.sources, number);
  if (was.health === health && was.reason === reason) return;
  const since = was.health === health ? was.since : draft.now;
  draft.sources = put(draft.sources, shifts.sources, number, { health, reason, since });
  if (was.health === health) return;
  for (const { to, weight } of at(readers, number)) enqueue(draft, to, weight, was.health, health);
}

function takePause(draft: Draft, number: number, event: PolicyEvent & { type: 'pause' | 'resume' }): void {
  const gate = get(draft.gates, draft.policy.shifts.gates, number);
  const { group } = gate;
  if (group === null) return;
  const until = event.type === 'pause' ? (event.until ?? null) : draft.now;
  if (event.type === 'resume') {
    if (group.phase !== 'paused') return;
    setGroup(draft, number, group, { ...gate, group: { ...group, until } });
  } else if (until === null || until > draft.now) {
    setGroup(draft, number, group, { ...gate, group: pause(group, until, draft.now) });
  }
}
