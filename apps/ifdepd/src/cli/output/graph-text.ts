import type { Graph } from '@ifdepd/policy';
import { printable } from '../../log/printable.ts';

/** Each group with its requirement, as a tree, and its destinations. */
export function toText({ nodes, edges }: Graph): string {
  const lines: string[] = [];
  const labels = new Map(nodes.map(({ id, label, kind }) => [id, { label: printable(label), kind }]));
  const into = (id: string) => edges.filter(({ to }) => to === id);

  function branch(id: string, indent: string): void {
    const members = into(id);
    members.forEach(({ from, label }, index) => {
      const last = index === members.length - 1;
      const node = labels.get(from);
      lines.push(`${indent}${last ? '└─' : '├─'} ${node?.label ?? ''}${label === '' ? '' : ` ×${label}`}`);
      if (node?.kind === 'gate') {
        branch(from, `${indent}${last ? '   ' : '│  '}`);
      }
    });
  }

  for (const { id, kind } of nodes) {
    if (kind === 'group') {
      const follows = edges.filter(({ from, to }) => from === id && labels.get(to)?.kind === 'destination');
      lines.push(`${labels.get(id)?.label} → ${follows.map(({ to }) => labels.get(to)?.label).join(', ')}`);
      branch(id, '  ');
    }
  }
  return `${lines.join('\n')}\n`;
}
