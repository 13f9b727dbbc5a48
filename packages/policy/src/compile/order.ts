import { at } from '../vec.ts';
import type { RawPolicy } from './draft.ts';
import { fail, inside, listed, type Place } from './place.ts';

/** The most loops that are examined: each may be as long as the configuration. */
const MOST_LOOPS = 100;

/**
 * Ranks every gate after its members (depth first), and finds every loop: groups that require each other, and destinations
 * that their own group depends on, directly or through other groups and destinations.
 *
 * @param table the place of the groups
 */
export function order({ gates, groups, sources, destinations, targets }: RawPolicy, table: Place): void {
  // Vertices: gates, the groups first; then destinations, for those that are sources, too.
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
  // True while on the trail, false when done.
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

  /** Adds an issue for a loop, beginning with its first group, unless the same loop has one. */
  function noteLoop(loop: readonly number[]): void {
    const first = loop.indexOf(loop.reduce((least, vertex) => Math.min(least, vertex)));
    const round = [...loop.slice(first), ...loop.slice(0, first + 1)];
    const own = loop.some((vertex) => vertex >= gates.length);
    const named = round.flatMap((vertex) => nameOf(vertex) ?? []);
    const message = `depends on itself (${listed(named, ' → ')}); remove one link`;
    if (table.issues.some((issue) => issue.message === message)) return;
    const group = inside(table, at(named, 0));
    if (own) fail(inside(group, 'destinations'), 'own-destination', message);
    else fail(inside(group, 'require'), 'loop', message);
  }
}
