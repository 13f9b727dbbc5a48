import type { Expression, PolicyConfig } from '@ifdepd/policy';
import { membersOf } from '../../engine/members-of.ts';

/**
 * The destinations of groups that the loss of a source may bring up: their requirement, or that of a group they depend on,
 * has a `not`. What the loss of one source means for them can change with events of another.
 */
export function negatedDestinations({ groups }: PolicyConfig): ReadonlySet<string> {
  const negated = new Set<string>();
  for (let found = -1; found < negated.size; ) {
    found = negated.size;
    for (const [name, { require }] of Object.entries(groups)) {
      if (isNegated(require, negated)) {
        negated.add(name);
      }
    }
  }
  return new Set([...negated].flatMap((name) => groups[name]?.destinations ?? []));
}

/** Does not recurse: an expression may be nested to any depth. */
function isNegated(require: Expression, negated: ReadonlySet<string>): boolean {
  const left = [require];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'object' && ('not' in next || ('group' in next && negated.has(next.group)))) {
      return true;
    }
    left.push(...membersOf(next));
  }
  return false;
}
