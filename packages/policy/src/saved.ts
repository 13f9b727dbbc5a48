import { copyGroup, copyTarget } from './engine/copy.ts';
import { enqueue, open } from './engine/draft.ts';
import { build } from './engine/start.ts';
import { finish } from './engine/step.ts';
import { count, edit, owe, wantOf } from './engine/target.ts';
import { inverted, outcome, verdict } from './engine/verdict.ts';
import { healthOf } from './explain/select.ts';
import type { Compiled, Policy } from './policy.ts';
import type { GateState, GroupState, SourceState, State, Step, TargetState } from './state.ts';
import { StateError } from './state-error.ts';
import { at, get, toVec } from './vec.ts';

/** A state by names instead of numbers: what survives a change of policy, and what `serialize` writes. */
interface Saved {
  readonly version: 1;
  readonly now: number;
  readonly ready: boolean;
  readonly counters: State['counters'];
  readonly sources: Readonly<Record<string, SourceState>>;
  readonly groups: Readonly<Record<string, GroupState & SavedRule>>;
  readonly destinations: Readonly<Record<string, TargetState>>;
}

/** What the hysteresis of a requirement remembers, and which requirement it was. */
interface SavedRule {
  readonly rule: string;
  readonly held: readonly boolean[];
}

/** The fields that are moments, which move with the clock of another process. */
const MOMENTS: readonly string[] = ['since', 'until', 'penaltyAt', 'suppressedUntil', 'hold', 'foughtAt'];

/** A state as versioned JSON text, by names, to be kept across processes. */
export function serialize(policy: Policy, state: State): string {
  return JSON.stringify(save(policy as Compiled, state));
}

/**
 * Continues a state from `serialize`, also under a changed policy, as `recompile` does.
 *
 * @param now monotonic milliseconds of this process; every moment in the state moves along, as if no time had passed
 * in between. Default: the moment at which it was saved.
 * @throws {StateError} when the text is not a saved state, or of another version
 */
export function restore(policy: Policy, text: string, now?: number): Step {
  const saved = parse(text);
  const shift = (now ?? saved.now) - saved.now;
  const moved = JSON.parse(text, (key, value) =>
    typeof value === 'number' && MOMENTS.includes(key) ? value + shift : value,
  ) as Saved;
  return rebuild(policy as Compiled, moved, saved.now + shift);
}

/**
 * Continues a state under another policy without a bounce: groups and destinations keep what they have by name, what
 * changed is decided anew, and only destinations that are now wanted otherwise are written to. A new group begins in
 * `starting`; a destination that no group names any more is forgotten and left as it is.
 *
 * @param now monotonic milliseconds
 */
export function recompile(old: Policy, state: State, policy: Policy, now: number): Step {
  return rebuild(policy as Compiled, save(old as Compiled, state), Math.max(now, state.now));
}

function save(policy: Compiled, { now, ready, counters, sources, gates, targets }: State): Saved {
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

function rebuild(policy: Compiled, saved: Saved, now: number): Step {
  const { shifts } = policy;
  const unread: SourceState = { health: 'unknown', reason: '', since: now };
  const sources = policy.sources.map((id) => own(saved.sources, id) ?? unread);

  const held: boolean[] = [];
  const phases = policy.groups.map((name, group) => {
    const was = own(saved.groups, name);
    const same = was?.rule === ruleOf(policy, group);
    gatesOf(policy, group).forEach((gate, i) => {
      held[gate] = (same ? was?.held[i] : undefined) ?? outcome(was?.phase ?? 'starting') === 'active';
    });
    const { dampening, startDelayMs } = at(policy.gates, at(policy.roots, group)).group ?? {
      dampening: null,
      startDelayMs: 0,
    };
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

function parse(text: string): Saved {
  let saved: Partial<Saved> | null;
  try {
    saved = JSON.parse(text);
  } catch {
    throw new StateError('This is not a saved state: it is not JSON.');
  }
  const version: unknown = saved?.version;
  if (version !== 1) {
    throw new StateError(
      `This is not a saved state of version 1, but of version ${JSON.stringify(version) ?? 'none'}.`,
    );
  }
  return saved as Saved;
}
