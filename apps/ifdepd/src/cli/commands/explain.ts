import type { ExplainReport } from '../../control/explain-report.ts';
import type { FailoverCover } from '../../engine/failover-cover.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { printAs, shown } from '../output/print.ts';
import { columns, wrap } from '../output/terminal.ts';

/** `ifdepd explain` */
export async function explainCommand({ values, positionals }: CommandWords<'explain'>): Promise<number> {
  const [name] = positionals;
  const path = name === undefined ? '/v1/explain' : `/v1/explain/${encodeURIComponent(name)}`;
  const report = answerJson<ExplainReport>(await askDaemon({ socket: values.socket, path }));
  printAs(values.json, report, () => [...report.groups, ...report.destinations].flatMap(explainLines));
  return ExitCode.ok;
}

function explainLines({
  sentence,
  blame,
  kernelFailover,
}: ExplainReport['groups'][number]): readonly string[] {
  const width = Math.min(columns(), 100);
  const causes = blame.flatMap(({ id, health, reason, since }) => {
    const because = health === 'active' ? '' : ` (${reason})`;
    const line = `${shown(`${id} ${health}${because}`)} since ${localTime(since)}`;
    return wrap(line, width - 4, '    ').map((text) => `    ${text}`);
  });
  const cover = kernelFailover === undefined ? [] : wrap(coverLine(kernelFailover), width - 4, '    ');
  return [...wrap(shown(sentence), width, '    '), ...causes, ...cover.map((text) => `    ${text}`)];
}

/** `kernel failover: armed for the loss of em0 em1`, `kernel failover: not armed: down-delay` */
function coverLine({ armed, upon, reason }: FailoverCover): string {
  return `kernel failover: ${reason === null ? `armed for the ${upon} of ${shown(armed.join(' '))}` : `not armed: ${reason}`}`;
}

/** A time in local time, as in a log. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number, size = 2) => String(value).padStart(size, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${two(time.getMilliseconds(), 3)}`;
}
