import { graph, type PolicyConfig, toDot, toMermaid } from '@ifdepd/policy';
import { compiled } from '../../config/compiled-policy.ts';
import { loadOnce } from '../../config/load-once.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { toText } from '../output/graph-text.ts';
import { onOutput, printJson } from '../output/print.ts';

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
