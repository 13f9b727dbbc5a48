import { showDuration } from '../../config/duration.ts';
import type { DestinationReport, GroupReport, StatusReport } from '../../control/status-report.ts';
import { sourceOf } from '../../engine/sources/index.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { print, printJson, shown } from '../output/print.ts';
import { type Cell, columns, type Style, style, table } from '../output/terminal.ts';
import { repaint } from '../output/watch.ts';

/** `ifdepd status` */
export async function statusCommand({ values }: CommandWords<'status'>): Promise<number> {
  const socket = values.socket;
  const ask = async () => answerJson<StatusReport>(await askDaemon({ socket, path: '/v1/status' }));
  const first = await ask();
  if (values.watch !== true) {
    show(first, values.json === true);
    return ExitCode.ok;
  }
  if (values.json === true) {
    show(first, true);
    await askDaemon({
      socket,
      path: `/v1/events?follow=1&since=${encodeURIComponent(new Date().toISOString())}`,
      onText: () =>
        void ask().then(
          (report) => show(report, true),
          () => {},
        ),
    });
    return ExitCode.unavailable;
  }
  return repaint(async () => statusLines(await ask(), style(), columns()));
}

function show(report: StatusReport, json: boolean): void {
  if (json) {
    printJson(report);
  } else {
    print(...statusLines(report, style(), columns()));
  }
}

/** The lines of the whole status. */
export function statusLines(
  report: StatusReport,
  paint: Style,
  width: number,
  now = Date.now(),
): readonly string[] {
  const { pid, version, backend, startedAt, config } = report;
  const running = `ifdepd ${version}, process ${pid}, ${backend}, for ${ago(startedAt, now)}`;
  const head = (...texts: readonly string[]): Cell[] => texts.map((text) => ({ text, paint: paint.head }));
  return [
    paint.faint(width < running.length ? `ifdepd ${version}, process ${pid}` : running),
    ...(config === null ? [] : [paint.faint(config)]),
    '',
    ...table(
      [head('GROUP', 'PHASE', 'FOR', 'WHY'), ...report.groups.map((group) => groupRow(group, paint, now))],
      width,
    ),
    '',
    ...table([head('SOURCE', 'STATE', 'FOR', 'REASON'), ...sourceRows(report.groups, paint, now)], width),
    '',
    ...table(
      [
        head('DESTINATION', 'IS', 'WANTED', 'BECAUSE'),
        ...report.destinations.map((one) => destinationRow(one, paint, now)),
      ],
      width,
    ),
  ];
}

function ago(iso: string, now: number): string {
  return showDuration(now - Date.parse(iso));
}

function groupRow(
  { name, phase, since, until, blame, penalty, hidden, sources }: GroupReport,
  paint: Style,
  now: number,
): Cell[] {
  const color = { up: paint.good, down: paint.bad, starting: paint.faint }[phase as string] ?? paint.warn;
  const notes = [
    ...blame.map((id) => shown(because(id, sources))),
    until === null ? '' : `for another ${showDuration(Date.parse(until) - now)}`,
    penalty > 0 ? `penalty ${penalty}` : '',
    hidden > 0 ? `${hidden} hidden by a delay` : '',
  ];
  return [
    { text: shown(name) },
    { text: phase, paint: color },
    { text: ago(since, now) },
    { text: notes.filter((note) => note !== '').join(', ') },
  ];
}

/** `em0 failed`; of a required group, only the name. */
function because(id: string, sources: GroupReport['sources']): string {
  const source = sources.find((one) => one.id === id);
  return source === undefined ? id : `${id} ${source.health}`;
}

function sourceRows(groups: readonly GroupReport[], paint: Style, now: number): Cell[][] {
  const sources = new Map(groups.flatMap((group) => group.sources.map((source) => [source.id, source])));
  return [...sources.values()].map(({ id, health, reason, since }) => [
    { text: shown(id) },
    { text: health, paint: health === 'active' ? paint.good : health === 'failed' ? paint.bad : paint.faint },
    { text: ago(since, now) },
    { text: health === 'active' && !sourceOf(id).hasActiveReason ? '' : shown(reason) },
  ]);
}

function destinationRow(
  { id, is, want, heldBy, owned, error, differs, note }: DestinationReport,
  paint: Style,
  now: number,
): Cell[] {
  const wrong = want !== 'none' && is !== want;
  const notes = [
    heldBy.length > 0 ? `held down by ${shown(heldBy.join(', '))}` : '',
    owned ? 'set down by ifdepd' : '',
    error === null ? '' : `cannot be set: ${error}`,
    differs === undefined ? '' : differenceWords(is, differs, now),
    shown(note ?? ''),
  ];
  return [
    { text: shown(id) },
    { text: is, paint: wrong ? paint.warn : is === 'up' ? paint.good : paint.bad },
    { text: want === 'none' ? '-' : want },
    { text: notes.filter((note) => note !== '').join(', '), ...(error === null ? {} : { paint: paint.bad }) },
  ];
}

/** `another program set it up 2 s ago; next attempt in 1 s` */
function differenceWords(
  is: string,
  { reason, left, since, retryAt }: NonNullable<DestinationReport['differs']>,
  now: number,
): string {
  const next =
    retryAt === null ? '' : `next attempt in ${showDuration(Math.max(0, Date.parse(retryAt) - now))}`;
  switch (reason) {
    case 'changed':
      return `another program set it ${is} ${ago(since, now)} ago; ${left ? 'left so' : next}`;
    case 'appeared':
      return `appeared ${ago(since, now)} ago; ${left ? 'its owner raises it' : next}`;
    case 'not-ours':
      return 'not set down by ifdepd (raise: owned)';
    case 'refused':
      return next;
    case 'not-read':
      return 'not read yet';
    default:
      return '';
  }
}
