import type { PolicyConfig } from '../config.ts';
import type { DestinationsOf, GroupsOf, KnownGroups, SourcesOf } from '../names.ts';
import type { Compiled, Policy } from '../policy.ts';
import { at } from '../vec.ts';
import { newGate, type RawPolicy } from './draft.ts';
import { readGroup } from './group.ts';
import { PolicyError } from './issue.ts';
import { order } from './order.ts';
import { inside, keysOf, nameAt, type Place } from './place.ts';

/**
 * Checks a configuration and compiles it: expressions become gates that are linked from their members, and ranked so that a
 * gate comes after its members. The cost of an event then follows the links it travels, not the size of the policy.
 *
 * @throws {PolicyError} with every issue at once, up to a hundred
 *
 * @example
 * ```ts
 * import { compile, PolicyError } from '@ifdepd/policy';
 *
 * const policy = compile({
 *   groups: { web: { require: { atLeast: 2, of: ['db1', 'db2', 'db3'] }, destinations: ['shop'], upDelayMs: 30_000 } },
 * });
 * console.log(policy.sources.join(' ')); // db1 db2 db3
 *
 * try {
 *   compile(JSON.parse('{"groups":{"web":{"require":"db1","destination":["shop"]}}}'));
 * } catch (error) {
 *   if (error instanceof PolicyError) {
 *     for (const { path, message } of error.issues) {
 *       console.log(`${path.join('.')} ${message}`); // groups.web.destination there is no key "destination" here; did you mean destinations?
 *     }
 *   }
 * }
 * ```
 */
export function compile<const Config extends PolicyConfig>(
  config: Config & KnownGroups<Config>,
): Policy<SourcesOf<Config>, GroupsOf<Config>, DestinationsOf<Config>>;
export function compile(config: PolicyConfig): Policy {
  const root: Place = { value: config, around: null, key: '', issues: [] };
  const table = inside(root, 'groups');
  const groups = (keysOf(root, ['groups']) && keysOf(table)) ?? [];
  const raw: RawPolicy = {
    groups: new Map(groups.map((name, group) => [name, group])),
    sources: new Map(),
    destinations: new Map(),
    gates: groups.map(newGate),
    readers: [],
    targets: [],
  };
  for (const [name, group] of raw.groups) {
    nameAt(inside(table, name, name));
    at(raw.gates, group).group = readGroup(inside(table, name), group, raw);
  }
  order(raw, table);
  if (root.issues.length > 0) throw new PolicyError(root.issues);

  const { gates, readers, targets } = raw;
  const sources = [...raw.sources.keys()];
  const policy: Compiled = {
    config,
    fingerprint: fingerprint(groups, sources, gates, targets),
    groups,
    sources,
    destinations: [...raw.destinations.keys()],
    gates,
    readers,
    targets,
    sourceIndex: Object.fromEntries(raw.sources),
    groupIndex: Object.fromEntries(raw.groups),
    targetIndex: Object.fromEntries(raw.destinations),
  };
  return policy;
}

/** 32 bits (FNV-1a) and the length of everything that a state depends on: enough to notice another policy. */
function fingerprint(...parts: readonly unknown[]): string {
  const text = JSON.stringify(parts);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `${(hash >>> 0).toString(16)}-${text.length}`;
}
