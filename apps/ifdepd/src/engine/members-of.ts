import type { Expression } from '@ifdepd/policy';

/** The expressions right inside of an expression: none in a source or a group. */
export function membersOf(expression: Expression): readonly Expression[] {
  if (typeof expression === 'string' || 'group' in expression) {
    return [];
  }
  if ('not' in expression) {
    return [expression.not];
  }
  if ('all' in expression) {
    return expression.all;
  }
  if ('any' in expression) {
    return expression.any;
  }
  return 'weight' in expression ? expression.weight.of.map(({ source }) => source) : expression.of;
}
