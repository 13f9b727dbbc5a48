import { DURATION_FORM, parseDuration } from '../../config/duration.ts';
import { plainJson } from '../../log/printable.ts';
import { savedEntries } from '../../state/journal.ts';
import { type JournalEntry, parseEntries } from '../../state/journal-entry.ts';
import { type EntryQuery, selectEntries } from '../../state/select-entries.ts';
import { directoriesOf } from '../../system/directories.ts';
import { ExitCode, ExitError, UsageError } from '../../system/errors.ts';
import { realLoop } from '../../system/loop.ts';
import { networkNamespaceId } from '../../system/network-namespace.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { enterNamespaceOf } from '../arguments/enter-namespace.ts';
import { wrongValue } from '../arguments/parse-words.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { print, shown } from '../output/print.ts';
import { type Style, style } from '../output/terminal.ts';
import { localTime } from './explain.ts';

/** `ifdepd events` */
export async function eventsCommand({ values }: CommandWords<'events'>): Promise<number> {
  enterNamespaceOf(values.netns);
  const asked = queryOf(values);
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) {
    if (value !== null) {
      query.set(key, String(value));
    }
  }
  const paint = style();
  const printAll = (entries: readonly JournalEntry[]) =>
    print(...entries.map((entry) => (values.json === true ? plainJson(entry) : eventLine(entry, paint))));
  const show = (lines: string) => printAll(parseEntries(lines));
  if (values.follow !== true) {
    const answer = await askDaemon({ socket: values.socket, path: `/v1/events?${query}` }).catch(
      (error: unknown) => (values.socket === undefined ? saved(error) : Promise.reject(error)),
    );
    if ('entries' in answer) {
      printAll(selectEntries(answer.entries, asked));
      return ExitCode.ok;
    }
    if (answer.status !== 200) {
      answerJson(answer);
    }
    show(answer.body);
    return ExitCode.ok;
  }
  query.set('follow', '1');
  let rest = '';
  const answer = await askDaemon({
    socket: values.socket,
    path: `/v1/events?${query}`,
    onText(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      show(lines.join('\n'));
    },
  });
  if (answer.status !== 200) {
    answerJson(answer);
  }
  return ExitCode.ok;
}

/**
 * The journals of daemons, with a note on standard error.
 *
 * @throws the given error where no journal can be read, or where a daemon answered
 */
function saved(error: unknown): { readonly entries: readonly JournalEntry[] } {
  if (!(error instanceof ExitError && error.exitCode === ExitCode.unavailable)) {
    throw error;
  }
  const { files, entries } = savedEntries(networkNamespaceId());
  if (files.length === 0) {
    throw new ExitError(
      ExitCode.unavailable,
      `${error.message}, and there is no readable journal for this network namespace in ${directoriesOf().state}`,
      { cause: error },
    );
  }
  process.stderr.write(
    `ifdepd: no daemon answers; this is what was kept in ${files.map(shown).join(', ')}\n`,
  );
  return { entries };
}

/** How many events a terminal shows where no time and no number is given. */
const ON_TERMINAL = 50;

/** @throws {UsageError} */
function queryOf({ since, lines, group, interface: name }: CommandWords<'events'>['values']): EntryQuery {
  if (lines !== undefined && !/^\d{1,9}$/.test(lines)) {
    throw wrongValue('--lines', lines, 'must be a number of events');
  }
  const few = since === undefined && process.stdout.isTTY === true ? ON_TERMINAL : null;
  return {
    since: since === undefined ? null : sinceValue(since),
    group: group ?? null,
    interface: name ?? null,
    last: lines === undefined ? few : Number(lines),
  };
}

/** @throws {UsageError} */
function sinceValue(text: string): string {
  const ms = parseDuration(text);
  const time = ms === null ? new Date(text) : new Date(realLoop.wallNow() - ms);
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(`--since '${text}': must be ${DURATION_FORM}, or a time such as 2026-01-31T12:00`);
  }
  return time.toISOString();
}

function eventLine({ time, level, msg }: JournalEntry, paint: Style): string {
  const color = { err: paint.bad, warning: paint.warn, info: paint.faint }[level] ?? ((text: string) => text);
  return `${localTime(time)}  ${color(shown(msg))}`;
}
