import { destinationReason, groupReason } from '../src/cli/output/status-reasons.ts';
import { verdictOf } from '../src/cli/output/verdict.ts';
import { showDuration } from '../src/config/duration.ts';
import type { StatusReport } from '../src/control/status-report.ts';
import type { JournalEntry } from '../src/state/journal-entry.ts';
import { type Choice, choose, gradeOf } from './choose.ts';
import { drawDay } from './draw-day.ts';
import { drawGraph } from './draw-graph.ts';
import { byId, element, fill, table } from './element.ts';

/** Events in the list. */
const LAST_EVENTS = 30;

/** Draws all of the page anew. */
export function drawStatus(
  status: StatusReport,
  entries: readonly JournalEntry[],
  choice: Choice,
  now: number,
): void {
  const chosen = choose(status, choice);
  const verdict = verdictOf(status.groups, status.destinations);
  const line = byId('verdict');
  // A reader of the screen reads it aloud only where it has changed.
  if (line.textContent !== verdict.text) {
    line.textContent = verdict.text;
  }
  line.className = ['good', 'bad', 'warn'][verdict.exitCode] ?? '';
  document.title = `${verdict.text} · ifdepd`;
  const age = (since: string): string => showDuration(now - Date.parse(since));
  const running = [
    `version ${status.version}`,
    `pid ${status.pid}`,
    `up ${age(status.startedAt)}`,
    status.config ?? '',
  ];
  fill('running', running.filter(Boolean).join(' · '));
  const state = (word: string) => element('span', gradeOf(word), word);
  fill(
    'groups',
    table(
      'Groups',
      ['Group', 'State', 'For', 'Why'],
      chosen.groups.map((group) => [
        group.name,
        state(group.phase),
        age(group.since),
        groupReason(group, status.groups, now),
      ]),
    ),
  );
  fill(
    'sources',
    table(
      'Sources',
      ['Source', 'State', 'For', 'Detail'],
      chosen.sources.map(({ id, health, since, reason }) => [id, state(health), age(since), reason]),
    ),
  );
  fill(
    'destinations',
    table(
      'Destinations',
      ['Destination', 'Is', 'Wanted', 'Why'],
      chosen.destinations.map((one) => [one.id, state(one.is), one.want, destinationReason(one, now)]),
    ),
  );
  fill('graph', drawGraph(chosen));
  fill('day', drawDay(chosen.groups, entries, now));
  fill(
    'events',
    ...entries
      .slice(-LAST_EVENTS)
      .toReversed()
      .map(({ time, level, msg }) => {
        const grade = level === 'error' || level === 'warning' ? 'warn' : '';
        return element('li', grade, element('span', 'faint', `${new Date(time).toLocaleTimeString()} `), msg);
      }),
  );
}
