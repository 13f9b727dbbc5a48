import type { Health, Policy, SourceReading, TimelineEntry } from '@ifdepd/policy';
import { ConfigError, type ConfigIssue } from '../config/config-error.ts';
import { DURATION_FORM, parseDuration } from '../duration.ts';
import { parseEntries } from '../journal/journal-entry.ts';
import { suggestion } from '../nearest.ts';

/** What is fed to a policy, and how long it is followed; null: as long as something is due. */
export interface ReadTimeline {
  readonly timeline: readonly TimelineEntry[];
  readonly end: number | null;
}

const HEALTHS: readonly Health[] = ['active', 'failed', 'unknown'];

/**
 * A journal of the daemon, or a written timeline: a line for each change,
 *
 *     TIME SOURCE active|failed|unknown [REASON]
 *     TIME end
 *
 * with TIME since the beginning. What is not mentioned at 0 is active from there on.
 *
 * @throws {ConfigError} with every line that is wrong
 */
export function readTimeline(text: string, file: string, policy: Policy): ReadTimeline {
  return text.trimStart().startsWith('{') ? fromJournal(text, policy) : fromText(text, file, policy);
}

function fromJournal(text: string, policy: Policy): ReadTimeline {
  const changes = parseEntries(text).flatMap((entry) => {
    const { event, time, source, to, reason } = entry;
    const health = HEALTHS.find((one) => one === to);
    return event === 'source' && typeof source === 'string' && health !== undefined
      ? [{ at: Date.parse(time), reading: { id: source, health, reason: String(reason ?? '') } }]
      : [];
  });
  const begin = changes[0]?.at ?? 0;
  let at = 0;
  const moved = changes.map((change) => {
    // The wall clock may have been set back meanwhile.
    at = Math.max(at, change.at - begin);
    return { ...change, at };
  });
  return { timeline: entriesOf(moved, policy), end: null };
}

function fromText(text: string, file: string, policy: Policy): ReadTimeline {
  const issues: ConfigIssue[] = [];
  const changes: { readonly at: number; readonly reading: SourceReading }[] = [];
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
        `'${id}' is no source of the configuration${suggestion(id, policy.sources) || `; there are: ${policy.sources.join(', ')}`}`,
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
  if (issues.length > 0) {
    throw new ConfigError(file, issues);
  }
  return { timeline: entriesOf(changes, policy), end };
}

/** The first moment says everything. */
function entriesOf(
  changes: readonly { readonly at: number; readonly reading: SourceReading }[],
  policy: Policy,
): readonly TimelineEntry[] {
  const first = new Map(changes.filter(({ at }) => at === 0).map(({ reading }) => [reading.id, reading]));
  const sources = policy.sources.map(
    (id): SourceReading => first.get(id) ?? { id, health: 'active', reason: 'up' },
  );
  const destinations = policy.destinations.map((id) => ({ id, is: 'up' as const }));
  return [
    { at: 0, event: { type: 'sources', complete: true, sources, destinations } },
    ...changes
      .filter(({ at, reading }) => at > 0 && policy.sources.includes(reading.id))
      .map(({ at, reading }): TimelineEntry => ({ at, event: { type: 'source', source: reading } })),
  ];
}
