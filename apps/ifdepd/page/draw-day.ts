import type { GroupReport } from '../src/control/status-report.ts';
import type { JournalEntry } from '../src/state/journal-entry.ts';
import { gradeOf } from './choose.ts';
import { DAY, spansOf } from './day.ts';
import { drawn, element, scrolled } from './element.ts';

/** Groups that are drawn; more are in the table. */
const MOST = 40;
const [LEFT, WIDTH, ROW] = [140, 600, 20];

/** A line for each group: when it was up and when it was not. */
export function drawDay(
  groups: readonly GroupReport[],
  entries: readonly JournalEntry[],
  now: number,
): HTMLElement {
  const shown = groups.slice(0, MOST);
  const height = shown.length * ROW + 20;
  const label = `The last day of ${shown.length} groups: each line shows when a group was up, and when it was not`;
  const svg = drawn('svg', { viewBox: `0 0 ${LEFT + WIDTH} ${height}`, role: 'img', 'aria-label': label });
  shown.forEach(({ name, phase }, index) => {
    const y = index * ROW;
    svg.append(drawn('text', { x: 0, y: y + 14 }, shortened(name)));
    for (const { phase: was, from, to } of spansOf(name, phase, entries, now)) {
      const x = LEFT + ((from - now + DAY) / DAY) * WIDTH;
      // A moment must be seen, too.
      const width = Math.max(((to - from) / DAY) * WIDTH, 1.5);
      const times = `${name}: ${was}, ${new Date(from).toLocaleString()} to ${new Date(to).toLocaleString()}`;
      svg.append(
        drawn(
          'rect',
          { class: `bar ${gradeOf(was)}`, x, y: y + 3, width, height: ROW - 7 },
          drawn('title', {}, times),
        ),
      );
    }
  });
  for (const hours of [24, 18, 12, 6]) {
    svg.append(drawn('text', { x: LEFT + ((24 - hours) / 24) * WIDTH, y: height - 4 }, `${hours} h ago`));
  }
  const more = groups.length - shown.length;
  return element(
    'div',
    '',
    scrolled(svg, label),
    ...(more > 0 ? [element('p', 'faint', `… ${more} more groups: filter them by name`)] : []),
  );
}

function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}
