import type { Health, Policy, SourceReading, TimelineEntry } from '@ifdepd/policy';
import { ConfigError, type ConfigIssue, fileError } from '../../config/config-error.ts';
import { DURATION_FORM, parseDuration } from '../../config/duration.ts';
import { someOf, suggestion } from '../../config/nearest.ts';
import { type JournalEntry, parseEntries } from '../../state/journal-entry.ts';

/** The events for a policy, and when the simulation ends; null: when nothing is due any more. */
export interface ReadTimeline {
  readonly timeline: readonly TimelineEntry[];
  readonly end: number | null;
}

interface Change {
  readonly at: number;
  readonly reading: SourceReading;
}

const HEALTHS: readonly Health[] = ['active', 'failed', 'unknown'];

/** How many faults are reported. A file that is no timeline has one in every line. */
const MOST_ISSUES = 20;

/**
 * A journal of the daemon, or a written timeline: a line for each change,
 *
 *     TIME SOURCE active|failed|unknown [REASON]
 *     TIME end
 *
 * with TIME since the beginning. In a written one, a source that is not mentioned at 0 is active from 0 on. In a journal, a
 * source has from the beginning the state before its first mention, and is active without one.
 *
 * @throws {ConfigError} with every line that is wrong
 */
export function readTimeline(text: string, file: string, policy: Policy): ReadTimeline {
  const entries = parseEntries(text);
  return entries.length > 0 ? fromJournal(entries, file, policy) : fromText(text, file, policy);
}

function fromJournal(entries: readonly JournalEntry[], file: string, policy: Policy): ReadTimeline {
  const initial = new Map<string, SourceReading>();
  const changes: Change[] = [];
  const begin = Date.parse(entries[0]?.time ?? '');
  let last = 0;
  for (const { event, time, source, from, to, reason } of entries) {
    // The wall clock may have been set back in between.
    last = Math.max(last, Date.parse(time) - begin);
    const health = HEALTHS.find((one) => one === to);
    if (event !== 'source' || typeof source !== 'string' || health === undefined) {
      continue;
    }
    const reading = { id: source, health, reason: String(reason ?? '') };
    if (initial.has(source)) {
      changes.push({ at: last, reading });
      continue;
    }
    // A source has its state before the first mention from the beginning.
    const before = HEALTHS.find((one) => one === from);
    initial.set(source, before === undefined ? reading : { id: source, health: before, reason: '' });
    if (before !== undefined) {
      changes.push({ at: last, reading });
    }
  }
  if (!policy.sources.some((id) => initial.has(id))) {
    const there = [...initial.keys()].join(', ') || 'none';
    const message = `this journal tells nothing of a source of the configuration (${policy.sources.join(', ')}); of these it does: ${there}`;
    throw fileError(file, message);
  }
  return { timeline: entriesOf(initial, changes, policy), end: last };
}

function fromText(text: string, file: string, policy: Policy): ReadTimeline {
  const issues: ConfigIssue[] = [];
  const changes: Change[] = [];
  let last = 0;
  let end: number | null = null;
  text.split('\n').forEach((raw, index) => {
    const words = raw.replace(/#.*/, '').trim().split(/\s+/);
    const [time = '', id = '', state, ...reason] = words;
    if (time === '') {
      return;
    }
    const fail = (message: string) => issues.push({ line: index + 1, column: 1, key: '', message });
    const at = parseDuration(time.replace(/^\+/, ''));
    const health = HEALTHS.find((one) => one === state);
    if (at === null) {
      fail(`'${time}': a line begins with a time since the start: ${DURATION_FORM}`);
    } else if (at < last) {
      fail(`'${time}' is before the line above`);
    } else if (id === 'end') {
      end = at;
    } else if (!policy.sources.includes(id)) {
      fail(
        `'${id}' is no source of the configuration${suggestion(id, policy.sources) || `; there are: ${someOf(policy.sources)}`}`,
      );
    } else if (health === undefined) {
      fail(`'${state ?? ''}': must be one of ${HEALTHS.join(', ')}`);
    } else {
      changes.push({
        at,
        reading: { id, health, reason: reason.join(' ') || (health === 'active' ? 'up' : 'no carrier') },
      });
    }
    last = at ?? last;
  });
  if (issues.length > MOST_ISSUES) {
    const message = `${issues.length - MOST_ISSUES} more lines are wrong; is it a timeline, or a journal of ifdepd?`;
    issues.splice(MOST_ISSUES, issues.length, { line: 0, column: 0, key: '', message });
  }
  if (issues.length > 0) {
    throw new ConfigError(file, issues);
  }
  if (changes.length === 0 && end === null) {
    const message = "is empty: a line is 'TIME SOURCE active|failed|unknown [REASON]', or 'TIME end'";
    throw fileError(file, message);
  }
  const first = new Map(changes.filter(({ at }) => at === 0).map(({ reading }) => [reading.id, reading]));
  const later = changes.filter(({ at }) => at > 0);
  return { timeline: entriesOf(first, later, policy), end };
}

/** The first event has the state of every source. */
function entriesOf(
  first: ReadonlyMap<string, SourceReading>,
  changes: readonly Change[],
  policy: Policy,
): readonly TimelineEntry[] {
  const sources = policy.sources.map(
    (id): SourceReading => first.get(id) ?? { id, health: 'active', reason: 'up' },
  );
  const destinations = policy.destinations.map((id) => ({ id, is: 'up' as const }));
  return [
    { at: 0, event: { type: 'sources', complete: true, sources, destinations } },
    ...changes
      .filter(({ reading }) => policy.sources.includes(reading.id))
      .map(({ at, reading }): TimelineEntry => ({ at, event: { type: 'source', source: reading } })),
  ];
}
