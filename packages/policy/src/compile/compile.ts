import type { PolicyConfig } from '../config.ts';
import type { Compiled, Gate, Link, Policy } from '../policy.ts';
import { at, shiftFor } from '../vec.ts';
import { type Names, newGate } from './expression.ts';
import { parseGroup, type RawTarget } from './group.ts';
import { PolicyError, type PolicyIssue } from './issue.ts';
import { order } from './order.ts';
import { reader } from './reader.ts';

/**
 * Checks a configuration and prepares it: every expression becomes gates with links from what they depend on, numbered
 * so that a gate comes after its members. What an event costs then follows the links it travels, not the size of all.
 *
 * @throws {PolicyError} with every issue at once
 */
export function compile(config: PolicyConfig): Policy {
  const issues: PolicyIssue[] = [];
  const root = reader(issues, config);
  const table = root.fields(['groups']) && root.in('groups');
  const groups = Object.keys(table?.fields() ?? {});
  const names: Names = {
    groups: new Map(groups.map((name, group) => [name, group])),
    sources: new Map(),
    gates: groups.map(newGate),
  };
  const targets = new Map<string, RawTarget>();
  const specs = groups.map((name, group) =>
    parseGroup((table ?? root).in(name), name, group, at(names.gates, group), names, targets),
  );
  const sources = [...names.sources.keys()];
  const sorted = order(names.gates, groups, sources, targets, issues);
  if (issues.length > 0) throw new PolicyError(issues);

  const place: number[] = [];
  sorted.forEach((raw, gate) => {
    place[raw] = gate;
  });
  const item = (to: number): number => (to < 0 ? sources.length + at(place, ~to) : to);
  const parents: Link[][] = [...sources, ...sorted].map(() => []);
  const gates = sorted.map((raw, gate): Gate => {
    const { members, ...rule } = at(names.gates, raw);
    for (const { to, weight } of members) parents[item(to)]?.push({ to: gate, weight });
    return {
      ...rule,
      members: members.map(({ to, weight }) => ({ to: item(to), weight })),
      parents: at(parents, sources.length + gate),
      group: specs[raw] ?? null,
    };
  });
  const policy: Compiled = {
    config,
    fingerprint: fingerprint(sources, gates, [...targets.values()]),
    groups,
    sources,
    destinations: [...targets.keys()],
    gates,
    roots: groups.map((_, group) => at(place, group)),
    readers: parents.slice(0, sources.length),
    targets: [...targets.values()].map((target) => ({
      ...target,
      groups: target.groups.map((group) => at(place, group)),
    })),
    tangled: parents.some(({ length }) => length > 1),
    sourceIndex: names.sources,
    groupIndex: new Map(groups.map((name, group) => [name, at(place, group)])),
    targetIndex: new Map([...targets.values()].map(({ id, number }) => [id, number])),
    shifts: {
      sources: shiftFor(sources.length),
      gates: shiftFor(gates.length),
      targets: shiftFor(targets.size),
      dues: shiftFor(groups.length + targets.size),
    },
  };
  return policy;
}

/** 32 bits (FNV-1a) and the length of everything that gives a state its meaning: enough to notice another policy. */
function fingerprint(...parts: readonly unknown[]): string {
  const text = JSON.stringify(parts);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `${(hash >>> 0).toString(16)}-${text.length}`;
}
