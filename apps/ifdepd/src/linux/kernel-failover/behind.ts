import type { Expression, PolicyConfig } from '@ifdepd/policy';
import { membersOf } from '../../engine/members-of.ts';

/** The sources that each destination depends on, through groups that depend on groups. */
export function sourcesBehind({ groups }: PolicyConfig): ReadonlyMap<string, ReadonlySet<string>> {
  const behind = new Map<string, Set<string>>();
  for (const [name, { destinations = [] }] of Object.entries(groups)) {
    const sources = destinations.length === 0 ? [] : sourcesOf(groups, name);
    for (const destination of destinations) {
      behind.set(destination, new Set([...(behind.get(destination) ?? []), ...sources]));
    }
  }
  return behind;
}

/** Does not recurse: an expression may be nested to any depth. */
function sourcesOf(groups: PolicyConfig['groups'], first: string): ReadonlySet<string> {
  const sources = new Set<string>();
  const seen = new Set<string>();
  const left: Expression[] = [{ group: first }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string') {
      sources.add(next);
    } else if ('group' in next) {
      const found = groups[next.group];
      if (found !== undefined && !seen.has(next.group)) {
        seen.add(next.group);
        left.push(found.require);
      }
    } else {
      left.push(...membersOf(next));
    }
  }
  return sources;
}
