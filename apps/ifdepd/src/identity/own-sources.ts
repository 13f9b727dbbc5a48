import type { Expression } from '@ifdepd/policy';
import type { Settings } from '../config/settings.ts';
import { membersOf } from '../engine/members-of.ts';
import { sourceOf } from '../engine/sources/index.ts';
import type { InterfaceOf } from './interfaces-now.ts';

/** A destination that depends on itself, by another name. */
export interface OwnSource {
  readonly group: string;
  readonly destination: string;
  /** The source that is the same interface. */
  readonly source: string;
}

/**
 * The destinations that a group of theirs depends on under another name, directly or through other groups and
 * destinations: once down, they would stay down. Under the same name the policy finds them.
 *
 * @param settings with one name for each destination
 */
export function ownSources({ policy, destinations }: Settings, interfaceOf: InterfaceOf): OwnSource[] {
  const byIndex = new Map<number, string>();
  for (const [id, one] of destinations) {
    const found = 'interface' in one ? interfaceOf(one.interface) : null;
    if (found !== null) {
      byIndex.set(found.index, id);
    }
  }
  const groups = Object.entries(policy.groups);
  const setBy = new Map<string, string[]>();
  for (const [name, group] of groups) {
    for (const id of group.destinations ?? []) {
      setBy.set(id, [...(setBy.get(id) ?? []), name]);
    }
  }
  const meant = new Map<string, string>();
  const mentioned = new Map(groups.map(([name, { require }]) => [name, leavesOf(require)]));
  for (const { sources } of mentioned.values()) {
    for (const source of sources) {
      const { interface: name } = sourceOf(source);
      const found = meant.has(source) || name === null ? null : interfaceOf(name);
      meant.set(source, meant.get(source) ?? byIndex.get(found?.index ?? -1) ?? source);
    }
  }
  // No interface has two names: then the policy has found every cycle.
  if ([...meant].every(([source, id]) => source === id)) {
    return [];
  }

  /** What a group depends on, each with the source that names it. */
  function behind(group: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const seen = new Set<string>();
    const todo = [group];
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (seen.has(name)) {
        continue;
      }
      seen.add(name);
      const { sources = [], groups = [] } = mentioned.get(name) ?? {};
      todo.push(...groups);
      for (const source of sources) {
        const id = meant.get(source) ?? source;
        found.set(id, found.get(id) ?? source);
        todo.push(...(setBy.get(id) ?? []));
      }
    }
    return found;
  }

  return groups.flatMap(([group, { destinations = [] }]) => {
    const sources = behind(group);
    return destinations.flatMap((destination) => {
      const source = sources.get(destination);
      return source === undefined ? [] : [{ group, destination, source }];
    });
  });
}

/** The sources and groups that an expression names. */
function leavesOf(expression: Expression): { readonly sources: string[]; readonly groups: string[] } {
  const [sources, groups]: [string[], string[]] = [[], []];
  const todo: Expression[] = [expression];
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (typeof one === 'string') {
      sources.push(one);
    } else if ('group' in one) {
      groups.push(one.group);
    }
    todo.push(...membersOf(one));
  }
  return { sources, groups };
}
