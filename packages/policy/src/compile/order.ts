import { at } from '../vec.ts';
import type { Names } from './expression.ts';
import type { Targets } from './group.ts';
import type { PolicyIssue } from './issue.ts';

/**
 * Ranks every gate after what it depends on (depth first), and notes every loop: groups that require each other, and
 * destinations that their own group depends on, directly or through other groups and destinations.
 */
export function order({ gates, groups, sources }: Names, targets: Targets, issues: PolicyIssue[]): void {
  // Vertices: gates, of which the first are groups; then destinations, which matter here where they are sources too.
  const ids = [...sources.keys()];
  const names = [...groups.keys()];
  const nameOf = (vertex: number): string | undefined =>
    names[vertex] ?? targets.list[vertex - gates.length]?.id;
  const needsOf = (vertex: number): number[] =>
    gates[vertex]?.members.flatMap(({ to }) => {
      const target = targets.numbers.get(ids[to] ?? '');
      return to < 0 ? ~to : target === undefined ? [] : gates.length + target;
    }) ?? [...at(targets.list, vertex - gates.length).groups];

  let rank = 0;
  // On the trail: true; done: false.
  const open = new Map<number, boolean>();
  const trail: number[] = [];
  const needs: number[][] = [];
  const enter = (vertex: number): void => {
    open.set(vertex, true);
    trail.push(vertex);
    needs.push(needsOf(vertex).reverse());
  };
  for (const start of groups.values()) {
    if (!open.has(start)) enter(start);
    while (trail.length > 0) {
      const need = needs.at(-1)?.pop();
      if (need === undefined) {
        const vertex = trail.pop() as number;
        needs.pop();
        open.set(vertex, false);
        const gate = gates[vertex];
        if (gate !== undefined) gate.rank = rank++;
      } else if (open.get(need)) {
        note(trail.slice(trail.indexOf(need)));
      } else if (!open.has(need)) {
        enter(need);
      }
    }
  }

  /** Notes a loop, beginning with its first group, unless another way round it has been noted. */
  function note(loop: readonly number[]): void {
    const first = loop.indexOf(Math.min(...loop));
    const round = [...loop.slice(first), ...loop.slice(0, first + 1)];
    const own = loop.some((vertex) => vertex >= gates.length);
    const printed = round
      .map(nameOf)
      .filter((name) => name !== undefined)
      .join(' → ');
    const message = `Depends on itself (${printed}): once down it would stay down.`;
    if (issues.some((issue) => issue.message === message)) return;
    issues.push({
      code: own ? 'own-destination' : 'loop',
      path: ['groups', nameOf(at(round, 0)) ?? '', own ? 'destinations' : 'require'],
      message,
    });
  }
}
