import { at } from '../vec.ts';
import type { RawPolicy } from './draft.ts';
import { note } from './issue.ts';

/** Names of a loop that are printed, and loops that are looked at: one may be as long as the configuration. */
const MOST_NAMED = 20;
const MOST_LOOPS = 100;

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
  let loops = 0;
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
      loops += 1;
      if (loops <= MOST_LOOPS) noteLoop(trail.slice(trail.indexOf(vertex)));
    } else if (!open.has(vertex)) {
      open.set(vertex, true);
      trail.push(vertex);
      todo.push(~vertex);
      for (const need of [...needsOf(vertex)].reverse()) todo.push(need);
    }
  }

  /** Notes a loop, beginning with its first group, unless another way round it has been noted. */
  function noteLoop(loop: readonly number[]): void {
    const first = loop.indexOf(loop.reduce((least, vertex) => Math.min(least, vertex)));
    const round = [...loop.slice(first), ...loop.slice(0, first + 1)];
    const own = loop.some((vertex) => vertex >= gates.length);
    const named = round.flatMap((vertex) => nameOf(vertex) ?? []);
    const printed = [...named.slice(0, MOST_NAMED), ...(named.length > MOST_NAMED ? ['…'] : [])].join(' → ');
    const message = `Depends on itself (${printed}): once down it would stay down.`;
    if (issues.some((issue) => issue.message === message)) return;
    note(issues, {
      code: own ? 'own-destination' : 'loop',
      path: ['groups', nameOf(at(round, 0)) ?? '', own ? 'destinations' : 'require'],
      message,
    });
  }
}
