import type { JournalEntry } from '../src/state/journal-entry.ts';

/** A phase of a group, and how long it lasted, in milliseconds since 1970. */
export interface Span {
  readonly phase: string;
  readonly from: number;
  readonly to: number;
}

/** Milliseconds. */
export const DAY = 24 * 60 * 60 * 1000;

/**
 * The phases of a group in the day before now, from the journal.
 *
 * @param entries in order
 * @param phase its phase now
 */
export function spansOf(
  group: string,
  phase: string,
  entries: readonly JournalEntry[],
  now: number,
): readonly Span[] {
  const changes = entries.flatMap((entry) => {
    const { event, group: whose, from, to, time } = entry;
    return event === 'transition' && whose === group && typeof from === 'string' && typeof to === 'string'
      ? [{ from, to, at: Math.max(Date.parse(time), now - DAY) }]
      : [];
  });
  const first = changes[0];
  if (first === undefined) {
    return [{ phase, from: now - DAY, to: now }];
  }
  const spans: Span[] = [{ phase: first.from, from: now - DAY, to: first.at }];
  changes.forEach(({ to, at }, index) => {
    spans.push({ phase: to, from: at, to: changes[index + 1]?.at ?? now });
  });
  return spans.filter(({ from, to }) => to > from);
}
