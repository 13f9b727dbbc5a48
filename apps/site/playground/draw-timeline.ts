import { gradeOf } from '../../ifdepd/page/choose.ts';
import { drawn, scrolled } from '../../ifdepd/page/element.ts';
import { type StateChange, tracksOf } from '../../ifdepd/src/cli/output/trace-lines.ts';
import { showDuration } from '../../ifdepd/src/config/duration.ts';
import type { Outcome } from './outcome.ts';

const [LEFT, WIDTH, ROW] = [170, 570, 22];

/** A line for each source, group and destination: its state over time, up to now. */
export function drawTimeline({ policy, trace, now, end }: Outcome): HTMLElement {
  const tracks = tracksOf(trace.entries);
  const names = [
    ...policy.sources.map((id) => `source ${id}`),
    ...policy.groups.map((name) => `group ${name}`),
    ...policy.destinations.map((id) => `destination ${id}`),
  ];
  const span = Math.max(end, now, 1);
  const x = (at: number): number => LEFT + (at / span) * WIDTH;
  const height = names.length * ROW + 22;
  const label = `${names.length} sources, groups and destinations over ${showDuration(span)}; the same changes are in the list of transitions`;
  const svg = drawn('svg', { viewBox: `0 0 ${LEFT + WIDTH} ${height}`, role: 'img', 'aria-label': label });
  names.forEach((name, index) => {
    const y = index * ROW;
    const first = name.startsWith('destination') ? 'up' : 'unknown';
    svg.append(drawn('text', { x: 0, y: y + 15 }, shortened(name), drawn('title', {}, name)));
    for (const { state, from, to } of spansOf([{ at: 0, state: first }, ...(tracks.get(name) ?? [])], now)) {
      const title = drawn('title', {}, `${name}: ${state} from ${showDuration(from)} to ${showDuration(to)}`);
      // A moment must be seen, too.
      const box = { x: x(from), y: y + 4, width: Math.max(x(to) - x(from), 1.5), height: ROW - 8 };
      svg.append(drawn('rect', { class: `bar ${gradeOf(state)}`, ...box }, title));
    }
  });
  svg.append(
    drawn('line', { class: 'now', x1: x(now), x2: x(now), y1: 0, y2: height - 20 }),
    drawn('text', { x: LEFT, y: height - 4 }, '0'),
    drawn('text', { x: LEFT + WIDTH, y: height - 4, 'text-anchor': 'end' }, showDuration(span)),
  );
  return scrolled(svg, label);
}

/** The times between changes, without those of no length but the last. */
function spansOf(changes: readonly StateChange[], now: number) {
  return changes
    .map(({ at, state }, index) => ({ state, from: at, to: changes[index + 1]?.at ?? now }))
    .filter(({ from, to }, index) => to > from || (index > 0 && index === changes.length - 1));
}

function shortened(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
