import { at } from '../vec.ts';
import type { RawGate } from './expression.ts';
import type { RawTarget } from './group.ts';
import type { PolicyIssue } from './issue.ts';

/**
 * Puts everything after what it depends on (Kahn's algorithm) and notes every loop: groups that require each other, and
 * destinations that their own group depends on, directly or through other groups and destinations.
 *
 * @returns gate numbers, members before what they are members of
 */
export function order(
  gates: readonly RawGate[],
  groups: readonly string[],
  sources: readonly string[],
  targets: ReadonlyMap<string, RawTarget>,
  issues: PolicyIssue[],
): readonly number[] {
  // Vertices: gates, of which the first are groups; then destinations, which matter here where they are sources too.
  const needs = gates.map(({ members }) =>
    members.flatMap(({ to }) => {
      const target = targets.get(sources[to] ?? '')?.number;
      return to < 0 ? [~to] : target === undefined ? [] : [gates.length + target];
    }),
  );
  for (const target of targets.values()) needs.push(target.groups);

  const users: number[][] = needs.map(() => []);
  const waits = needs.map((list, vertex) => {
    for (const need of list) users[need]?.push(vertex);
    return list.length;
  });
  const done: number[] = [];
  const finish = (vertex: number): void => {
    waits[vertex] = -1;
    done.push(vertex);
  };
  const open = (vertex: number): boolean => at(waits, vertex) >= 0;
  waits.forEach((wait, vertex) => {
    if (wait === 0) finish(vertex);
  });
  for (let i = 0, stuck = 0; done.length < needs.length || i < done.length; i += 1) {
    if (i === done.length) {
      while (!open(stuck)) stuck += 1;
      const loop = findLoop(needs, stuck, open);
      issues.push(describeLoop(loop, gates.length, groups, [...targets.keys()]));
      finish(at(loop, 0));
    }
    for (const user of at(users, at(done, i))) {
      waits[user] = at(waits, user) - 1;
      if (waits[user] === 0) finish(user);
    }
  }
  return done.filter((vertex) => vertex < gates.length);
}

/** Follows needs that are still open until one comes back. The loop begins at its first group. */
function findLoop(
  needs: readonly (readonly number[])[],
  from: number,
  open: (vertex: number) => boolean,
): readonly number[] {
  const trail: number[] = [];
  let vertex = from;
  while (!trail.includes(vertex)) {
    trail.push(vertex);
    vertex = at(needs, vertex).find(open) as number;
  }
  const loop = trail.slice(trail.indexOf(vertex));
  const first = loop.indexOf(Math.min(...loop));
  return [...loop.slice(first), ...loop.slice(0, first)];
}

function describeLoop(
  loop: readonly number[],
  gates: number,
  groups: readonly string[],
  targets: readonly string[],
): PolicyIssue {
  const nameOf = (vertex: number): string[] => {
    const name = vertex < gates ? groups[vertex] : targets[vertex - gates];
    return name === undefined ? [] : [name];
  };
  const printed = [...loop, at(loop, 0)].flatMap(nameOf).join(' → ');
  const own = loop.some((vertex) => vertex >= gates);
  return {
    code: own ? 'own-destination' : 'loop',
    path: ['groups', at(groups, at(loop, 0)), own ? 'destinations' : 'require'],
    message: `Depends on itself (${printed}): once down it would stay down.`,
  };
}
