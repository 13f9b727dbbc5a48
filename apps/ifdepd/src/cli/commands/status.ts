import { showDuration } from '../../config/duration.ts';
import type {
  DestinationReport,
  GroupReport,
  ProbeDetail,
  StatusReport,
} from '../../control/status-report.ts';
import { sourceOf } from '../../engine/sources/index.ts';
import { ExitCode } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { answerJson, askDaemon } from '../client/client.ts';
import { printAs, printJson, shown } from '../output/print.ts';
import { columns, type Style, style, table } from '../output/terminal.ts';
import { repaint } from '../output/watch.ts';

/** `ifdepd status` */
export async function statusCommand({ values }: CommandWords<'status'>): Promise<number> {
  const { socket, json, watch } = values;
  const ask = async () => answerJson<StatusReport>(await askDaemon({ socket, path: '/v1/status' }));
  const first = await ask();
  if (watch === true && json !== true) {
    return repaint(async () => statusLines(await ask(), style()));
  }
  printAs(json, first, () => statusLines(first, style()));
  if (watch !== true) {
    return ExitCode.ok;
  }
  const path = `/v1/events?follow=1&since=${encodeURIComponent(new Date().toISOString())}`;
  await askDaemon({ socket, path, onText: () => void ask().then(printJson, () => {}) });
  return ExitCode.unavailable;
}

/** The lines of the whole status. */
function statusLines(report: StatusReport, paint: Style): readonly string[] {
  const now = Date.now();
  const { pid, version, backend, startedAt, config, groups, destinations } = report;
  const short = `ifdepd ${version}, process ${pid}`;
  const running = `${short}, ${backend}, for ${ago(startedAt, now)}`;
  const head = (...titles: readonly string[]) => titles.map(paint.head);
  return [
    paint.faint(columns() < running.length ? short : running),
    ...(config === null ? [] : [paint.faint(config)]),
    '',
    ...table([head('GROUP', 'PHASE', 'FOR', 'WHY'), ...groups.map((one) => groupRow(one, paint, now))]),
    '',
    ...table([head('SOURCE', 'STATE', 'FOR', 'REASON'), ...sourceRows(groups, paint, now)]),
    '',
    ...table([
      head('DESTINATION', 'IS', 'WANTED', 'BECAUSE'),
      ...destinations.map((one) => destinationRow(one, paint, now)),
    ]),
  ];
}

function ago(iso: string, now: number): string {
  return showDuration(now - Date.parse(iso));
}

function groupRow(
  { name, phase, since, until, blame, penalty, hidden, sources }: GroupReport,
  paint: Style,
  now: number,
): readonly string[] {
  const color = { up: paint.good, down: paint.bad, starting: paint.faint }[phase as string] ?? paint.warn;
  const notes = [
    ...blame.map((id) => shown(because(id, sources))),
    until === null ? '' : `for another ${showDuration(Date.parse(until) - now)}`,
    penalty > 0 ? `penalty ${penalty}` : '',
    hidden > 0 ? `${hidden} hidden by a delay` : '',
  ];
  return [shown(name), color(phase), ago(since, now), notes.filter(Boolean).join(', ')];
}

/** `em0 failed`; of a required group, only the name. */
function because(id: string, sources: GroupReport['sources']): string {
  const source = sources.find((one) => one.id === id);
  return source === undefined ? id : `${id} ${source.health}`;
}

function sourceRows(groups: readonly GroupReport[], paint: Style, now: number): readonly string[][] {
  const sources = new Map(groups.flatMap((group) => group.sources.map((source) => [source.id, source])));
  return [...sources.values()].map(({ id, health, reason, since, detail }) => [
    shown(id),
    ({ active: paint.good, failed: paint.bad }[health] ?? paint.faint)(health),
    ago(since, now),
    shown(health === 'active' ? activeText(id, reason, detail) : reason),
  ]);
}

/** The reason of an active source, where it says something; the present counts of a probe. */
function activeText(id: string, reason: string, detail?: ProbeDetail): string {
  if (detail !== undefined) {
    const { rttMs, lossPercent } = detail;
    return `${rttMs === null ? '' : `round trip ${rttMs} ms, `}${lossPercent ?? 0} % lost`;
  }
  return sourceOf(id).hasActiveReason ? reason : '';
}

function destinationRow(
  { id, is, want, heldBy, owned, error, differs, note }: DestinationReport,
  paint: Style,
  now: number,
): readonly string[] {
  const wrong = want !== 'none' && is !== want;
  const notes = [
    heldBy.length > 0 ? `held down by ${shown(heldBy.join(', '))}` : '',
    owned ? 'set down by ifdepd' : '',
    error === null ? '' : `cannot be set: ${error}`,
    differs === undefined ? '' : differenceWords(is, differs, now),
    shown(note ?? ''),
  ];
  const color = wrong ? paint.warn : is === 'up' ? paint.good : paint.bad;
  const why = notes.filter(Boolean).join(', ');
  return [shown(id), color(is), want === 'none' ? '-' : want, error === null ? why : paint.bad(why)];
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
