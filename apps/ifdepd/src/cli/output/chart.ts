import type { Policy } from '@ifdepd/policy';
import { showDuration } from '../../config/duration.ts';
import { printable } from '../../log/printable.ts';
import type { Style } from './terminal.ts';
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
  const tracks = new Map<string, { at: number; state: string }[]>();
  const track = (name: string, at: number, state: string) => {
    tracks.set(name, [...(tracks.get(name) ?? []), { at, state }]);
  };
  const lines: string[] = [];
  for (const { at, event, transitions, effects, weights = {} } of entries) {
    const readings =
      event?.type === 'sources' ? event.sources : event?.type === 'source' ? [event.source] : [];
    for (const { id, health } of readings) {
      track(`source ${id}`, at, health);
    }
    for (const { group, from, to, blame } of transitions) {
      track(`group ${group}`, at, to);
      const because = blame.map(({ id, health }) => `${id} ${health}`).join(', ');
      lines.push(`${showDuration(at).padStart(10)}  ${printable(`${group}: ${from} -> ${to} (${because})`)}`);
    }
    for (const [group, weight] of Object.entries(weights)) {
      lines.push(`${showDuration(at).padStart(10)}  ${printable(`${group}: weight ${weight}`)}`);
    }
    for (const { destination, to } of effects) {
      track(`destination ${destination}`, at, to);
      lines.push(`${showDuration(at).padStart(10)}  ${printable(`${destination}: set ${to}`)}`);
    }
  }
  const last = Math.max(end ?? 0, ...entries.map(({ at }) => at), 1);
  const names = [
    ...policy.sources.map((id) => `source ${id}`),
    ...policy.groups.map((name) => `group ${name}`),
    ...policy.destinations.map((id) => `destination ${id}`),
  ];
  const labels = Math.max(...names.map((name) => name.length)) + 2;
  const room = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, width - labels));
  const rows = names.map((name) => {
    const first = name.startsWith('destination') ? 'up' : 'unknown';
    const signs = row([{ at: 0, state: first }, ...(tracks.get(name) ?? [])], last, room);
    const colored = signs.replace(/·+/g, paint.bad).replace(/━+/g, paint.good);
    return `${printable(name).padEnd(labels)}${colored}`;
  });
  const scale = `${' '.repeat(labels)}0${showDuration(last).padStart(room - 1)}`;
  const key = '━ up, active   · down, failed   ╱ coming up   ╲ going down   ? not known';
  return [...rows, paint.faint(scale), paint.faint(key), '', ...lines];
}

/** Each column shows the worst state within it: a short failure is not lost between two columns. */
function row(
  changes: readonly { readonly at: number; readonly state: string }[],
  last: number,
  room: number,
): string {
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
