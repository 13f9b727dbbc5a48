import type { PolicyConfig } from '../config.ts';
import type { Compiled, Link, Policy } from '../policy.ts';
import { at } from '../vec.ts';
import { type Names, newGate } from './expression.ts';
import { parseGroup, type Targets } from './group.ts';
import { PolicyError, type PolicyIssue } from './issue.ts';
import { order } from './order.ts';
import { reader } from './reader.ts';

/**
 * Checks a configuration and prepares it: every expression becomes gates with links from what they depend on, ranked
 * so that a gate comes after its members. What an event costs then follows the links it travels, not the size of all.
 *
 * @throws {PolicyError} with every issue at once
 */
export function compile(config: PolicyConfig): Policy {
  const issues: PolicyIssue[] = [];
  const root = reader(issues, config);
  const table = root.fields(['groups']) && root.in('groups');
  const groups = Object.keys(table?.fields() ?? {});
  const gates = groups.map(newGate);
  const names: Names = {
    groups: new Map(groups.map((name, group) => [name, group])),
    sources: new Map(),
    gates,
  };
  const targets: Targets = { numbers: new Map(), list: [] };
  groups.forEach((name, group) => {
    const gate = at(gates, group);
    gate.group = parseGroup((table ?? root).in(name), name, group, gate, names, targets);
  });
  order(names, targets, issues);
  if (issues.length > 0) throw new PolicyError(issues);

  const sources = [...names.sources.keys()];
  const readers = sources.map((): Link[] => []);
  gates.forEach(({ members }, to) => {
    for (const member of members) {
      (readers[member.to] ?? at(gates, ~member.to).parents).push({ to, weight: member.weight });
    }
  });
  const policy: Compiled = {
    config,
    fingerprint: fingerprint(groups, sources, gates, targets.list),
    groups,
    sources,
    destinations: [...targets.numbers.keys()],
    gates,
    readers,
    targets: targets.list,
    tangled: [...readers, ...gates.map(({ parents }) => parents)].some(({ length }) => length > 1),
    sourceIndex: Object.fromEntries(names.sources),
    groupIndex: Object.fromEntries(names.groups),
    targetIndex: Object.fromEntries(targets.numbers),
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
