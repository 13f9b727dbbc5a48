import type { Expression, PolicyConfig } from '@ifdepd/policy';

/**
 * The destinations of groups that the loss of one source may help: there is a `not` in what they require, or in a group
 * that they go by. What follows for them from one source can change with news of another.
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

/** Without recursion: an expression may be nested to any depth. */
function isNegated(require: Expression, negated: ReadonlySet<string>): boolean {
  const left = [require];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string') {
      continue;
    }
    if ('not' in next || ('group' in next && negated.has(next.group))) {
      return true;
    }
    left.push(...membersOf(next));
  }
  return false;
}

function membersOf(expression: Exclude<Expression, string>): readonly Expression[] {
  if ('all' in expression) {
    return expression.all;
  }
  if ('any' in expression) {
    return expression.any;
  }
  if ('of' in expression) {
    return expression.of;
  }
  return 'weight' in expression ? expression.weight.of.map(({ source }) => source) : [];
}
