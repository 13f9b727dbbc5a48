import { at } from '../vec.ts';
import type { RawPolicy } from './draft.ts';

/**
 * Ranks every gate after what it depends on (depth first), and notes every loop: groups that require each other, and
 * destinations that their own group depends on, directly or through other groups and destinations.
 */
export function order({ gates, groups, sources, destinations, targets, issues }: RawPolicy): void {
  // Vertices: gates, of which the first are groups; then destinations, which matter here where they are sources too.
  const ids = [...sources.keys()];
  const names = [...groups.keys()];
  const nameOf = (vertex: number): string | undefined => names[vertex] ?? targets[vertex - gates.length]?.id;
  const needsOf = (vertex: number): readonly number[] =>
    gates[vertex]?.members.flatMap(({ to }) => {
      const target = destinations.get(ids[to] ?? '');
      return to < 0 ? ~to : target === undefined ? [] : gates.length + target;
    }) ?? at(targets, vertex - gates.length).groups;

  let rank = 0;
  // On the trail: true; done: false.
  const open = new Map<number, boolean>();
  const trail: number[] = [];
  // Vertices to enter, and complements of those to leave.
  const todo = [...groups.values()].reverse();
  for (let vertex = todo.pop(); vertex !== undefined; vertex = todo.pop()) {
    if (vertex < 0) {
      trail.pop();
      open.set(~vertex, false);
      const gate = gates[~vertex];
      if (gate !== undefined) gate.rank = rank++;
    } else if (open.get(vertex)) {
      note(trail.slice(trail.indexOf(vertex)));
    } else if (!open.has(vertex)) {
      open.set(vertex, true);
      trail.push(vertex);
      todo.push(~vertex);
      for (const need of [...needsOf(vertex)].reverse()) todo.push(need);
    }
  }

  /** Notes a loop, beginning with its first group, unless another way round it has been noted. */
  function note(loop: readonly number[]): void {
    const first = loop.indexOf(Math.min(...loop));
    const round = [...loop.slice(first), ...loop.slice(0, first + 1)];
    const own = loop.some((vertex) => vertex >= gates.length);
    const printed = round.flatMap((vertex) => nameOf(vertex) ?? []).join(' → ');
    const message = `Depends on itself (${printed}): once down it would stay down.`;
    if (issues.some((issue) => issue.message === message)) return;
    issues.push({
      code: own ? 'own-destination' : 'loop',
      path: ['groups', nameOf(at(round, 0)) ?? '', own ? 'destinations' : 'require'],
      message,
    });
  }
}
