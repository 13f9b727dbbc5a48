import { at } from '../vec.ts';
import type { RawGroup } from './group.ts';
import type { Report } from './issue.ts';

/**
 * Reports every loop: groups that require each other, and destinations that their own group depends on, directly or
 * through other groups and destinations. Vertices are groups, then destinations; arrows point at what is depended on.
 */
export function reportLoops(
  groups: readonly RawGroup[],
  sources: readonly string[],
  targets: ReadonlyMap<string, number>,
  report: Report,
): void {
  const ids = [...targets.keys()];
  const arrows: number[][] = [...groups, ...ids].map(() => []);
  groups.forEach(({ spec, mentions }, group) => {
    for (const other of mentions.groups) arrows[group]?.push(other);
    for (const source of mentions.sources) {
      const target = targets.get(at(sources, source));
      if (target !== undefined) arrows[group]?.push(groups.length + target);
    }
    for (const target of spec.destinations) arrows[groups.length + target]?.push(group);
  });

  const nameOf = (vertex: number): string =>
    vertex < groups.length ? at(groups, vertex).spec.name : at(ids, vertex - groups.length);
  const done = new Set<number>();
  for (let root = 0; root < groups.length; root += 1) {
    const trail: number[] = [];
    const rest: number[][] = [];
    const enter = (vertex: number): void => {
      const start = trail.indexOf(vertex);
      if (start >= 0) tell(trail.slice(start));
      if (start >= 0 || done.has(vertex)) return;
      trail.push(vertex);
      rest.push([...at(arrows, vertex)].reverse());
    };
    const tell = (loop: readonly number[]): void => {
      const printed = [...loop, at(loop, 0)].map(nameOf).join(' → ');
      const target = loop.find((vertex) => vertex >= groups.length);
      const group = at(groups, loop.find((vertex) => vertex < groups.length) as number).spec.name;
      if (target === undefined) {
        report('loop', ['groups', group, 'require'], `Groups that require each other: ${printed}.`);
      } else {
        const message = `${JSON.stringify(nameOf(target))} depends on itself (${printed}): once down it would stay down.`;
        report('own-destination', ['groups', group, 'destinations'], message);
      }
    };
    enter(root);
    while (trail.length > 0) {
      const next = rest.at(-1)?.pop();
      if (next !== undefined) {
        enter(next);
      } else {
        done.add(trail.pop() as number);
        rest.pop();
      }
    }
  }
}
