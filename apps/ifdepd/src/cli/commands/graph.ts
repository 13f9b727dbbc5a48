import { type Graph, graph, type PolicyConfig, toDot, toMermaid } from '@ifdepd/policy';
import { compiled } from '../../config/compiled-policy.ts';
import { loadOnce } from '../../config/load-once.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { onOutput, printJson, shown } from '../output/print.ts';

/** `ifdepd graph`: of a file, or of the running daemon. */
export async function graphCommand({ values }: CommandWords<'graph'>): Promise<number> {
  const { format = 'text' } = values;
  const policy =
    values.config === undefined
      ? answerJson<PolicyConfig>(await askDaemon({ socket: values.socket, path: '/v1/policy' }))
      : loadOnce(values.config).policy;
  const drawing = graph(compiled(policy));
  if (values.json === true) {
    printJson(drawing);
    return ExitCode.ok;
  }
  const text =
    format === 'mermaid' ? toMermaid(drawing) : format === 'dot' ? toDot(drawing) : toText(drawing);
  process.stdout.write(onOutput(text));
  return ExitCode.ok;
}

/** Each group with its requirement, as a tree, and its destinations. */
export function toText({ nodes, edges }: Graph): string {
  const lines: string[] = [];
  const labels = new Map(nodes.map(({ id, label, kind }) => [id, { label: shown(label), kind }]));
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
