import { blameOf } from '../engine/blame.ts';
import { copyGroup, copyTarget } from '../engine/copy.ts';
import { enqueue, open } from '../engine/draft.ts';
import { groupOf } from '../engine/select.ts';
import { build } from '../engine/start.ts';
import { finish } from '../engine/step.ts';
import { count, edit, owe, wantOf } from '../engine/target.ts';
import { outcome } from '../engine/verdict.ts';
import { specOf } from '../explain/describe.ts';
import { type Compiled, own } from '../policy.ts';
import type { State, Step } from '../state.ts';
import { at, get } from '../vec.ts';
import { memoryOf, recall } from './memory.ts';
import { type Saved, UNREAD } from './parse.ts';

/** A state by names. */
export function save(policy: Compiled, state: State): Saved {
  const { now, ready, counters, sources, gates, targets } = state;
  return {
    version: 1,
    now,
    ready,
    counters,
    sources: toRecord(policy.sources, (_, source) => get(sources, source)),
    groups: toRecord(policy.groups, (_, group) => {
      const requirement = get(gates, group).value;
      const memory = memoryOf(policy, state, group);
      return Object.assign(copyGroup(groupOf(state, group), now), {
        requirement,
        memory,
        rule: ruleOf(policy, group),
      });
    }),
    destinations: toRecord(policy.destinations, (_, target) => get(targets, target)),
  };
}

/** Identifies the requirement of a group. */
export function ruleOf(policy: Compiled, group: number): string {
  return JSON.stringify(policy.config.groups[at(policy.groups, group)]?.require);
}

/**
 * A state under a policy, from what was saved under this policy or another one, and the consequences of the difference. Whatever
 * can be evaluated is evaluated anew from the readings.
 *
 * @param why `restart`: in another process; a group that was not saved starts there as after `start`
 */
export function rebuild(
  policy: Compiled,
  saved: Saved,
  now: number,
  why: 'reload' | 'restart' = 'reload',
): Step {
  const sources = policy.sources.map((id) => own(saved.sources, id) ?? { ...UNREAD, since: now });
  const groups = policy.groups.map((name, group) => {
    const was = own(saved.groups, name);
    const { dampening, startDelayMs, startHoldMs, manual } = specOf(policy, group);
    if (was === undefined) {
      const held = why === 'restart' ? startHoldMs : 0;
      return copyGroup({ until: now + startDelayMs, suppressedUntil: now + held }, now);
    }
    const calm =
      dampening === null && (was.penalty > 0 || (startHoldMs === 0 && was.suppressedUntil > now))
        ? { penalty: 0, penaltyAt: now, suppressedUntil: now }
        : {};
    return copyGroup({ ...was, ...calm, latched: manual && was.latched }, now);
  });
  const held = policy.groups.map((name, group) => recall(policy, group, own(saved.groups, name)));
  const opinions = groups.map(({ phase }) => outcome(phase));

  const targets = policy.targets.map(({ id, groups }) => {
    const was = own(saved.destinations, id);
    const target = copyTarget({ ...was, down: 0, up: 0 }, now);
    for (const group of groups) count(target, 'unknown', at(opinions, group));
    const want = wantOf(target);
    if (want !== 'none' && (was === undefined || wantOf(was) !== want)) {
      owe(target, want, why === 'reload' ? why : 'transition', now);
    }
    return target;
  });

  const state = build(policy, now, sources, groups, targets, new Map(held.flat()));
  const draft = open(
    policy,
    { ...state, ready: saved.ready, counters: saved.counters },
    now,
    // A check that has not answered yet does not interrupt a group that is coming up. A paused group does.
    (group) => why === 'restart' && blameOf(policy, draft.state, group).some(({ kind }) => kind === 'source'),
  );
  policy.readers.forEach((links, source) => {
    for (const { to, weight } of links) enqueue(draft, to, weight, 'unknown', at(sources, source).health);
  });
  opinions.forEach((opinion, group) => {
    enqueue(draft, group, 0, opinion, opinion);
    for (const { to, weight } of at(policy.gates, group).parents)
      enqueue(draft, to, weight, 'unknown', opinion);
  });
  for (const target of targets.keys()) edit(draft, target);
  return finish(draft);
}

/** What is made of each name and its place, by name. */
export function toRecord<T>(
  names: readonly string[],
  make: (name: string, place: number) => T,
): Record<string, T> {
  return Object.fromEntries(names.map((name, place) => [name, make(name, place)]));
}
