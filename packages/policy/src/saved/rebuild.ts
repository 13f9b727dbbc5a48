import { copyGroup, copyTarget } from '../engine/copy.ts';
import { enqueue, open } from '../engine/draft.ts';
import { build } from '../engine/start.ts';
import { finish } from '../engine/step.ts';
import { count, edit, owe, wantOf } from '../engine/target.ts';
import { inverted, outcome, verdict } from '../engine/verdict.ts';
import { specOf } from '../explain/describe.ts';
import { healthOf } from '../explain/select.ts';
import type { Compiled } from '../policy.ts';
import type { GateState, GroupState, State, Step } from '../state.ts';
import { at, get, toVec } from '../vec.ts';
import { type Saved, UNREAD } from './parse.ts';

/** A state by names. */
export function save(policy: Compiled, { now, ready, counters, sources, gates, targets }: State): Saved {
  const { shifts } = policy;
  return {
    version: 1,
    now,
    ready,
    counters,
    sources: toRecord(policy.sources, (source) => get(sources, shifts.sources, source)),
    groups: toRecord(policy.groups, (group) => ({
      ...(get(gates, shifts.gates, at(policy.roots, group)).group as GroupState),
      rule: ruleOf(policy, group),
      held: gatesOf(policy, group).map((gate) => get(gates, shifts.gates, gate).held),
    })),
    destinations: toRecord(policy.destinations, (target) => get(targets, shifts.targets, target)),
  };
}

/** A state under a policy from what was saved under this one or another, and what follows from the difference. */
export function rebuild(policy: Compiled, saved: Saved, now: number): Step {
  const { shifts } = policy;
  const sources = policy.sources.map((id) => own(saved.sources, id) ?? { ...UNREAD, since: now });

  const held: boolean[] = [];
  const phases = policy.groups.map((name, group) => {
    const was = own(saved.groups, name);
    const same = was?.rule === ruleOf(policy, group);
    gatesOf(policy, group).forEach((gate, i) => {
      held[gate] = (same ? was?.held?.[i] : undefined) ?? outcome(was?.phase ?? 'starting') === 'active';
    });
    const { dampening, startDelayMs } = specOf(policy, at(policy.roots, group));
    if (was === undefined) return copyGroup({ until: now + startDelayMs }, now);
    const calm =
      dampening === null && was.penalty > 0 ? { penalty: 0, penaltyAt: now, suppressedUntil: now } : {};
    return copyGroup({ ...was, ...calm }, now);
  });

  const gates: GateState[] = [];
  const readings = { sources: toVec(sources, shifts.sources), gates: [gates] };
  const flat = { ...policy, shifts: { ...shifts, gates: 30 } };
  for (const gate of policy.gates) {
    const sum = { active: 0, unknown: 0, failed: 0 };
    for (const { to, weight } of gate.members) sum[healthOf(flat, readings, to)] += weight;
    const was = held[gates.length] ?? false;
    const raw = verdict(gate, sum.active, sum.unknown, was);
    gates.push({
      active: sum.active,
      unknown: sum.unknown,
      held: raw === 'unknown' ? was : raw === 'active',
      value: inverted(gate, raw),
      group: gate.group && at(phases, gate.group.index),
    });
  }

  const targets = policy.targets.map(({ id, groups }) => {
    const was = own(saved.destinations, id);
    const target = copyTarget({ ...was, down: 0, up: 0 }, now);
    for (const group of groups) count(target, outcome(gates[group]?.group?.phase ?? 'starting'), 1);
    const want = wantOf(target);
    if (want !== 'none' && (was === undefined || wantOf(was) !== want)) owe(target, want, 'reload', now);
    return target;
  });

  const state = build(policy, now, sources, gates, targets);
  const draft = open(policy, { ...state, ready: saved.ready, counters: saved.counters }, now);
  for (const root of policy.roots) enqueue(draft, root);
  for (const target of targets.keys()) edit(draft, target);
  return finish(draft);
}

/** The gates of a requirement whose memory matters, in an order that the requirement alone decides. */
function gatesOf(policy: Compiled, group: number): readonly number[] {
  const gates = [at(policy.roots, group)];
  for (const gate of gates) {
    for (const { to } of at(policy.gates, gate).members) {
      const inner = to - policy.sources.length;
      if (inner >= 0 && at(policy.gates, inner).group === null) gates.push(inner);
    }
  }
  return gates;
}

/** The lines of a requirement: as long as they are the same, what their hysteresis remembers is kept. */
function ruleOf(policy: Compiled, group: number): string {
  return gatesOf(policy, group)
    .map((gate) => at(policy.gates, gate))
    .map((gate) => `${gate.below}-${gate.at}/${gate.total}`)
    .join();
}

function toRecord<T>(names: readonly string[], make: (index: number) => T): Record<string, T> {
  return Object.fromEntries(names.map((name, index) => [name, make(index)]));
}

/** The value under a name that somebody else chose: never one that every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
