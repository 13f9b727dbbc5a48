import type { Health, Policy, SourceReading, TimelineEntry } from '@ifdepd/policy';
import { ConfigError, type ConfigIssue, fileError } from '../../config/config-error.ts';
import { DURATION_FORM, HOLD_FORM, parseDuration, parseHold } from '../../config/duration.ts';
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

/** The events of the commands of an operator. */
const OPERATIONS = {
  pause: 'pause',
  resume: 'resume',
  down: 'drain',
  up: 'resume',
  restore: 'restore',
} as const;

/** An operator's command for a group; undefined for any other words. */
function operationOf(
  at: number,
  command: unknown,
  group: unknown,
  forMs: unknown,
  policy: Policy,
): TimelineEntry | undefined {
  if (
    typeof group !== 'string' ||
    !policy.groups.includes(group) ||
    !Object.hasOwn(OPERATIONS, String(command))
  ) {
    return undefined;
  }
  const type = OPERATIONS[command as keyof typeof OPERATIONS];
  const until = typeof forMs === 'number' ? { until: at + forMs } : {};
  return { at, event: { type, group, ...(type === 'pause' || type === 'drain' ? until : {}) } };
}

const HEALTHS: readonly Health[] = ['active', 'failed', 'unknown'];

/** How many faults are reported. A file that is no timeline has one in every line. */
const MOST_ISSUES = 20;

/**
 * A journal of the daemon, or a written timeline: a line for each change,
 *
 *     TIME SOURCE active|failed|unknown [REASON]
 *     TIME down|pause GROUP [TIME]
 *     TIME up|resume|restore GROUP
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

/** The names of interfaces in a timeline: the host that patterns are matched with. */
export function interfacesIn(text: string): readonly string[] {
  const journal = parseEntries(text).flatMap(({ source }) => (typeof source === 'string' ? [source] : []));
  const written = [...text.matchAll(/^\s*\+?\d\S*\s+(\S+)\s+(?:active|failed|unknown)\b/gm)];
  return [...new Set([...journal, ...written.map(([, name = '']) => name)])].filter(
    (name) => !name.includes(':'),
  );
}

function fromJournal(entries: readonly JournalEntry[], file: string, policy: Policy): ReadTimeline {
  const initial = new Map<string, SourceReading>();
  const changes: Change[] = [];
  const operations: TimelineEntry[] = [];
  const begin = Date.parse(entries[0]?.time ?? '');
  let last = 0;
  for (const { event, time, source, from, to, reason, operation, group, forMs } of entries) {
    // The wall clock may have been set back in between.
    last = Math.max(last, Date.parse(time) - begin);
    if (event === 'pause') {
      const found = operationOf(last, operation, group, forMs, policy);
      operations.push(...(found === undefined ? [] : [found]));
    }
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
    const message = `this journal has no event of a source of the configuration (${policy.sources.join(', ')}); it has events of: ${there}`;
    throw fileError(file, message);
  }
  return { timeline: entriesOf(initial, changes, operations, policy), end: last };
}

function fromText(text: string, file: string, policy: Policy): ReadTimeline {
  const issues: ConfigIssue[] = [];
  const changes: Change[] = [];
  const operations: TimelineEntry[] = [];
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
    const lasting = reason[0] === undefined ? undefined : parseHold(reason[0]);
    const operation = health === undefined ? operationOf(at ?? 0, id, state, lasting, policy) : undefined;
    if (at === null) {
      fail(`'${time}': a line begins with a time since the start: ${DURATION_FORM}`);
    } else if (at < last) {
      fail(`'${time}' is before the line above`);
    } else if (id === 'end') {
      end = at;
    } else if (operation !== undefined && lasting === null) {
      fail(`'${reason.join(' ')}': how long it lasts must be ${HOLD_FORM}`);
    } else if (operation !== undefined) {
      operations.push(operation);
    } else if (!policy.sources.includes(id)) {
      fail(
        `'${id}' is not a source of the configuration${suggestion(id, policy.sources) || `; there are: ${someOf(policy.sources)}`}`,
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
  if (changes.length + operations.length === 0 && end === null) {
    const message = "is empty: a line is 'TIME SOURCE active|failed|unknown [REASON]', or 'TIME end'";
    throw fileError(file, message);
  }
  const first = new Map(changes.filter(({ at }) => at === 0).map(({ reading }) => [reading.id, reading]));
  const later = changes.filter(({ at }) => at > 0);
  return { timeline: entriesOf(first, later, operations, policy), end };
}

/** The first event has the state of every source. */
function entriesOf(
  first: ReadonlyMap<string, SourceReading>,
  changes: readonly Change[],
  operations: readonly TimelineEntry[],
  policy: Policy,
): readonly TimelineEntry[] {
  const sources = policy.sources.map(
    (id): SourceReading => first.get(id) ?? { id, health: 'active', reason: 'up' },
  );
  const destinations = policy.destinations.map((id) => ({ id, is: 'up' as const }));
  const readings = changes
    .filter(({ reading }) => policy.sources.includes(reading.id))
    .map(({ at, reading }): TimelineEntry => ({ at, event: { type: 'source', source: reading } }));
  return [
    { at: 0, event: { type: 'sources', complete: true, sources, destinations } },
    ...[...readings, ...operations].sort((one, other) => one.at - other.at),
  ];
}
