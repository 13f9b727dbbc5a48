import type { ExplainReport } from '../../control/explain-report.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { print, printJson, shown } from '../output/print.ts';
import { columns, wrap } from '../output/terminal.ts';

/** `ifdepd explain` */
export async function explainCommand({ values, positionals }: CommandWords<'explain'>): Promise<number> {
  const [name] = positionals;
  const path = name === undefined ? '/v1/explain' : `/v1/explain/${encodeURIComponent(name)}`;
  const report = answerJson<ExplainReport>(await askDaemon({ socket: values.socket, path }));
  if (values.json === true) {
    printJson(report);
    return ExitCode.ok;
  }
  const width = Math.min(columns(), 100);
  for (const { sentence, blame } of [...report.groups, ...report.destinations]) {
    print(...wrap(shown(sentence), width, '    '));
    for (const { id, health, reason, since } of blame) {
      const because = health === 'active' ? '' : ` (${reason})`;
      const line = `${shown(`${id} ${health}${because}`)} since ${localTime(since)}`;
      print(...wrap(line, width - 4, '    ').map((text) => `    ${text}`));
    }
  }
  return ExitCode.ok;
}

/** A time in local time, as in a log. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number, size = 2) => String(value).padStart(size, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${two(time.getMilliseconds(), 3)}`;
}
