import type { JournalEntry } from './journal-entry.ts';

/** Which entries of a journal are asked for. */
export interface EntryQuery {
  /** ISO 8601 in UTC; null: from the first one on. */
  readonly since: string | null;
  /** A group that they must be of, or among others; null: any. */
  readonly group: string | null;
  /** A source or destination that they must concern: as what changed, came or went, was set, or is to blame; null: any. */
  readonly interface: string | null;
  /** How many of the latest; null: all. */
  readonly last: number | null;
}

/** Whether an entry is of the group and concerns the interface that are asked for. */
export function isAskedFor(entry: JournalEntry, query: Pick<EntryQuery, 'group' | 'interface'>): boolean {
  const { group, groups, source, sources, destinations, blame } = entry;
  const name = query.interface;
  return (
    (query.group === null || group === query.group || lists(groups, query.group)) &&
    (name === null || source === name || [sources, destinations, blame].some((names) => lists(names, name)))
  );
}

function lists(names: unknown, name: string): boolean {
  return Array.isArray(names) && names.includes(name);
}

/** The entries that are asked for. */
export function selectEntries(entries: readonly JournalEntry[], query: EntryQuery): readonly JournalEntry[] {
  const { since, last } = query;
  const found = entries.filter(
    (entry) => (since === null || entry.time >= since) && isAskedFor(entry, query),
  );
  return last === null ? found : found.slice(Math.max(0, found.length - last));
}
