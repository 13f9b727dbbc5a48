import { showDuration } from '../../config/duration.ts';
import type { DestinationReport, GroupReport, StatusReport } from '../../control/status-report.ts';
import { shown } from './print.ts';
import { sourceDetail } from './source-detail.ts';
import { destinationReason, groupReason } from './status-reasons.ts';
import { columns, cut, type Style, table } from './terminal.ts';
import { verdictOf } from './verdict.ts';

/**
 * The lines of the whole status: the verdict first, then a table of groups, of sources and of destinations.
 *
 * @param now the time in milliseconds since 1970
 * @param width in columns. Default: those of the terminal
 */
export function statusLines(
  report: StatusReport,
  paint: Style,
  now: number,
  width: number = columns(),
): readonly string[] {
  const { pid, version, startedAt, config, groups, destinations } = report;
  const verdict = verdictOf(groups, destinations);
  const running = [
    `ifdepd ${version}`,
    `pid ${pid}`,
    `up ${showDuration(now - Date.parse(startedAt))}`,
    ...(config === null ? [] : [shown(config)]),
  ];
  const head = (...titles: readonly string[]) => titles.map(paint.head);
  const color = [paint.good, paint.bad, paint.warn][verdict.exitCode] ?? paint.warn;
  const wrong = destinations.find(({ differs }) => differs !== undefined);
  return [
    paint.faint(cut(running.join(' · '), width)),
    cut(color(verdict.text), width),
    '',
    ...table(
      [head('GROUP', 'STATE', 'FOR', 'WHY'), ...groups.map((one) => groupRow(one, groups, paint, now))],
      width,
    ),
    '',
    ...table([head('SOURCE', 'STATE', 'FOR', 'DETAIL'), ...sourceRows(groups, paint, now)], width),
    '',
    ...table(
      [
        head('DESTINATION', 'IS', 'WANTED', 'WHY'),
        ...destinations.map((one) => destinationRow(one, paint, now)),
        ...(wrong === undefined
          ? []
          : [['', '', '', paint.faint(`ifdepd explain ${shown(wrong.id)} says more`)]]),
      ],
      width,
    ),
  ];
}

function groupRow(
  group: GroupReport,
  groups: readonly GroupReport[],
  paint: Style,
  now: number,
): readonly string[] {
  const { name, phase, since } = group;
  const color = { up: paint.good, down: paint.bad, starting: paint.faint }[phase as string] ?? paint.warn;
  return [
    shown(name),
    color(phase.replace('-', ' ')),
    showDuration(now - Date.parse(since)),
    shown(groupReason(group, groups, now)),
  ];
}

function sourceRows(groups: readonly GroupReport[], paint: Style, now: number): readonly string[][] {
  const sources = new Map(groups.flatMap((group) => group.sources.map((source) => [source.id, source])));
  return [...sources.values()].map((source) => [
    shown(source.id),
    ({ active: paint.good, failed: paint.bad }[source.health] ?? paint.faint)(source.health),
    showDuration(now - Date.parse(source.since)),
    shown(sourceDetail(source)),
  ]);
}

function destinationRow(one: DestinationReport, paint: Style, now: number): readonly string[] {
  const { id, is, want, error } = one;
  const wrong = want !== 'none' && is !== want;
  const color = wrong ? paint.warn : is === 'up' ? paint.good : paint.bad;
  const why = shown(destinationReason(one, now));
  return [shown(id), color(is), want === 'none' ? '-' : want, error === null ? why : paint.bad(why)];
}
