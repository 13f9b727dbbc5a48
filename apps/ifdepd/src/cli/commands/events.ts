import { answerJson, askDaemon } from '../../control/client.ts';
import { DURATION_FORM, parseDuration } from '../../duration.ts';
import { ExitCode, UsageError } from '../../exit-code.ts';
import { type JournalEntry, parseEntries } from '../../journal/journal-entry.ts';
import type { CommandWords } from '../arguments.ts';
import { print, shown } from '../print.ts';
import { type Style, style } from '../terminal.ts';
import { localTime } from './explain.ts';

/** `ifdepd events` */
export async function eventsCommand({ values }: CommandWords<'events'>): Promise<number> {
  const query = new URLSearchParams();
  if (values.since !== undefined) {
    query.set('since', sinceValue(values.since));
  }
  const paint = style();
  const show = (line: string) => {
    for (const entry of parseEntries(line)) {
      print(values.json === true ? JSON.stringify(entry) : eventLine(entry, paint));
    }
  };
  if (values.follow !== true) {
    const answer = await askDaemon({ socket: values.socket, path: `/v1/events?${query}` });
    if (answer.status !== 200) {
      answerJson(answer);
    }
    show(answer.body);
    return ExitCode.ok;
  }
  query.set('follow', '1');
  let rest = '';
  await askDaemon({
    socket: values.socket,
    path: `/v1/events?${query}`,
    onText(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      show(lines.join('\n'));
    },
  });
  return ExitCode.ok;
}

/** @throws {UsageError} */
function sinceValue(text: string): string {
  const ms = parseDuration(text);
  const time = ms === null ? new Date(text) : new Date(Date.now() - ms);
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(`--since '${text}': must be ${DURATION_FORM}, or a time such as 2026-01-31T12:00`);
  }
  return time.toISOString();
}

function eventLine({ time, level, msg }: JournalEntry, paint: Style): string {
  const color = { err: paint.bad, warning: paint.warn, info: paint.faint }[level] ?? ((text: string) => text);
  return `${localTime(time)}  ${color(shown(msg))}`;
}
