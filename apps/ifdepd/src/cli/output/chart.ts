import type { Policy } from '@ifdepd/policy';
import { showDuration } from '../../config/duration.ts';
import { printable } from '../../log/printable.ts';
import type { Style } from './terminal.ts';
import { type StateChange, tracksOf, transitionLines } from './trace-lines.ts';
import type { WeighedEntry } from './weighed-trace.ts';

/** The characters of the states. */
const SIGNS: Readonly<Record<string, string>> = {
  active: '━',
  up: '━',
  failed: '·',
  down: '·',
  unknown: '?',
  starting: '?',
  paused: '=',
  drained: '·',
  'going-down': '╲',
  'coming-up': '╱',
};

const LEAST_COLUMNS = 10;
const MOST_COLUMNS = 120;

/** The state of each source, group and destination over time, and below it every transition. */
export function chart(
  policy: Policy,
  entries: readonly WeighedEntry[],
  end: number | null,
  width: number,
  paint: Style,
): readonly string[] {
  const tracks = tracksOf(entries);
  const last = Math.max(end ?? 0, ...entries.map(({ at }) => at), 1);
  const names = [
    ...policy.sources.map((id) => `source ${id}`),
    ...policy.groups.map((name) => `group ${name}`),
    ...policy.destinations.map((id) => `destination ${id}`),
  ];
  const labels = Math.max(...names.map((name) => printable(name).length)) + 2;
  const room = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, width - labels));
  const rows = names.map((name) => {
    const first = name.startsWith('destination') ? 'up' : 'unknown';
    const signs = row([{ at: 0, state: first }, ...(tracks.get(name) ?? [])], last, room);
    const colored = signs.replace(/·+/g, paint.bad).replace(/━+/g, paint.good);
    return `${printable(name).padEnd(labels)}${colored}`;
  });
  const scale = `${' '.repeat(labels)}0${showDuration(last).padStart(room - 1)}`;
  const key = '━ up, active   · down, failed   ╱ coming up   ╲ going down   ? not known';
  return [...rows, paint.faint(scale), paint.faint(key), '', ...transitionLines(entries)];
}

/** Each column shows the worst state within it: a short failure is not lost between two columns. */
function row(changes: readonly StateChange[], last: number, room: number): string {
  const order = '━╱?=╲·';
  return Array.from({ length: room }, (_, column) => {
    const from = (last * column) / room;
    const to = (last * (column + 1)) / room;
    const before = changes.filter(({ at }) => at <= from).at(-1);
    const within = changes.filter(({ at }) => at > from && at < to);
    const signs = [before, ...within].map((change) => SIGNS[change?.state ?? 'unknown'] ?? '?');
    return signs.reduce((one, other) => (order.indexOf(other) > order.indexOf(one) ? other : one), '━');
  }).join('');
}
