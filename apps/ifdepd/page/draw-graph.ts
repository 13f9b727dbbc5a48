import { gradeOf } from './choose.ts';
import { drawn, element, scrolled } from './element.ts';

/** Nodes that are drawn at most: more lines than that cross each other beyond reading. */
const MOST = 90;
const [WIDTH, BOX, ROW] = [740, 190, 30];

interface Node {
  readonly name: string;
  readonly grade: string;
}

/** What is drawn: the groups with their members, and the state of each. */
export interface Dependencies {
  readonly groups: readonly {
    readonly name: string;
    readonly phase: string;
    readonly sources: readonly { readonly id: string; readonly health: string }[];
    readonly destinations: readonly string[];
  }[];
  readonly sources: readonly { readonly id: string; readonly health: string }[];
  readonly destinations: readonly { readonly id: string; readonly is: string }[];
}

/** Sources on the left, groups in the middle, destinations on the right. */
export function drawGraph({ groups, sources, destinations }: Dependencies): HTMLElement {
  if (groups.length + sources.length + destinations.length > MOST) {
    return element('p', 'faint', 'too many to draw: filter them by name');
  }
  const columns: readonly (readonly Node[])[] = [
    sources.map(({ id, health }) => ({ name: id, grade: gradeOf(health) })),
    groups.map(({ name, phase }) => ({ name, grade: gradeOf(phase) })),
    destinations.map(({ id, is }) => ({ name: id, grade: gradeOf(is) })),
  ];
  const height = Math.max(...columns.map((column) => column.length)) * ROW + 6;
  const label = `${sources.length} sources, ${groups.length} groups, ${destinations.length} destinations, with a line from each to what depends on it`;
  const svg = drawn('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': label });
  const left = (column: number): number => (column * (WIDTH - BOX)) / 2;
  const middle = (column: number, name: string): number => {
    const index = columns[column]?.findIndex((node) => node.name === name) ?? 0;
    return index * ROW + ROW / 2;
  };
  const line = (column: number, from: string, to: string, isBad: boolean): void => {
    const [x, end] = [left(column) + BOX, left(column + 1)];
    const [y, last] = [middle(column, from), middle(column + 1, to)];
    const half = (x + end) / 2;
    svg.append(
      drawn('path', {
        class: isBad ? 'edge bad' : 'edge',
        d: `M${x} ${y} C${half} ${y} ${half} ${last} ${end} ${last}`,
      }),
    );
  };
  for (const { name, sources: from, destinations: to, phase } of groups) {
    for (const { id, health } of from) {
      line(0, id, name, health === 'failed');
    }
    for (const id of to) {
      line(1, name, id, phase === 'down');
    }
  }
  columns.forEach((column, at) => {
    column.forEach(({ name, grade }, index) => {
      const box = {
        class: `node ${grade}`,
        x: left(at) + 1,
        y: index * ROW + 3,
        width: BOX - 2,
        height: ROW - 6,
        rx: 4,
      };
      const text = { x: left(at) + 8, y: index * ROW + 19 };
      svg.append(drawn('rect', box, drawn('title', {}, name)), drawn('text', text, shortened(name)));
    });
  });
  return scrolled(svg, label);
}

function shortened(name: string): string {
  return name.length > 26 ? `${name.slice(0, 25)}…` : name;
}
