import type { PolicyConfig } from '../config.ts';
import type { Compiled, Gate, Link, Policy, Target } from '../policy.ts';
import { at, shiftFor } from '../vec.ts';
import { asRecord, checkKeys } from './checks.ts';
import { type Names, newGate, type RawGate } from './expression.ts';
import { parseGroup, type RawGroup } from './group.ts';
import { PolicyError, type PolicyIssue } from './issue.ts';
import { reportLoops } from './loops.ts';

/**
 * Checks a configuration and prepares it: every expression becomes gates with links from what they depend on, numbered
 * so that a gate comes after its members. What an event costs then follows the links it travels, not the size of all.
 *
 * @throws {PolicyError} with every issue at once
 */
export function compile(config: PolicyConfig): Policy {
  const issues: PolicyIssue[] = [];
  const report: Names['report'] = (code, path, message) => issues.push({ code, path, message });
  const root = asRecord(config, [], 'The configuration', report) ?? { groups: {} };
  checkKeys(root, ['groups'], [], report);
  const entries = Object.entries(asRecord(root['groups'], ['groups'], '"groups"', report) ?? {});

  const groups = entries.map(([name]) => name);
  const names: Names = {
    report,
    groups: new Map(groups.map((name, number) => [name, number])),
    sources: new Map(),
    gates: groups.map(newGate),
  };
  const targets = new Map<string, number>();
  const raw = entries.map(([name, value], index) =>
    parseGroup(value, name, index, at(names.gates, index), names, targets),
  );
  const sources = [...names.sources.keys()];
  reportLoops(raw, sources, targets, report);
  if (issues.length > 0) throw new PolicyError(issues);

  const { gates, roots, readers } = link(names.gates, raw, sources.length);
  const policy: Compiled = {
    config,
    fingerprint: fingerprint(JSON.stringify(config)),
    groups,
    sources,
    destinations: [...targets.keys()],
    gates,
    roots,
    readers,
    targets: toTargets([...targets.keys()], raw, roots),
    sourceIndex: names.sources,
    groupIndex: new Map(groups.map((name, group) => [name, at(roots, group)])),
    targetIndex: targets,
    shifts: {
      sources: shiftFor(sources.length),
      gates: shiftFor(gates.length),
      targets: shiftFor(targets.size),
      dues: shiftFor(groups.length + targets.size),
    },
  };
  return policy;
}

/** Puts every gate after its members (Kahn's order) and draws the links in both directions. */
function link(
  raw: readonly RawGate[],
  groups: readonly RawGroup[],
  sources: number,
): { gates: Gate[]; roots: number[]; readers: Link[][] } {
  const users: number[][] = raw.map(() => []);
  const waits = raw.map(({ members }, gate) => {
    const below = members.filter(({ to }) => to < 0);
    for (const { to } of below) users[~to]?.push(gate);
    return below.length;
  });
  const order = raw.flatMap((_, gate) => (waits[gate] === 0 ? [gate] : []));
  for (const gate of order) {
    for (const user of at(users, gate)) {
      waits[user] = at(waits, user) - 1;
      if (waits[user] === 0) order.push(user);
    }
  }
  const place: number[] = [];
  order.forEach((gate, number) => {
    place[gate] = number;
  });

  const readers: Link[][] = Array.from({ length: sources }, () => []);
  const parents: Link[][] = raw.map(() => []);
  const gates = order.map((number, self): Gate => {
    const gate = at(raw, number);
    const members = gate.members.map(({ to, weight }) => {
      if (to >= 0) readers[to]?.push({ to: self, weight });
      else parents[at(place, ~to)]?.push({ to: self, weight });
      return { to: to < 0 ? sources + at(place, ~to) : to, weight };
    });
    return { ...gate, members, parents: at(parents, self), group: groups[number]?.spec ?? null };
  });
  return { gates, roots: groups.map((_, group) => at(place, group)), readers };
}

/** Turns the lists of destinations around: for each destination its groups. */
function toTargets(ids: readonly string[], groups: readonly RawGroup[], roots: readonly number[]): Target[] {
  const targets = ids.map((id) => ({ id, groups: [] as number[], owned: false }));
  for (const { spec, owned } of groups) {
    for (const destination of spec.destinations) {
      const target = at(targets, destination);
      target.groups.push(at(roots, spec.index));
      target.owned ||= owned;
    }
  }
  return targets;
}

/** 64 bits of a text (two FNV-1a runs) in hexadecimal: equal texts, equal prints. */
function fingerprint(text: string): string {
  let one = 0x811c9dc5;
  let two = 0x01000193;
  for (let i = 0; i < text.length; i += 1) {
    one = Math.imul(one ^ text.charCodeAt(i), 0x01000193);
    two = Math.imul(two ^ text.charCodeAt(i), 0x5bd1e995);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
