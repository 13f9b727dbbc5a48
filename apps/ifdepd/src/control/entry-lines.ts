import { plainJson } from '../log/printable.ts';
import type { JournalEntry } from '../state/journal-entry.ts';

/** An entry of the journal as clients are told of it: JSON, on a line. */
export function entryLine(entry: JournalEntry): string {
  return `${plainJson(entry)}\n`;
}

/** The lines of entries, each made when it is asked for. */
export function* entryLines(entries: Iterable<JournalEntry>): Iterable<string> {
  for (const entry of entries) {
    yield entryLine(entry);
  }
}

/** Makes the line of an entry once for all who are told of it one after another. */
export function sharedEntryLine(): (entry: JournalEntry) => string {
  let last: JournalEntry | undefined;
  let line = '';
  return (entry) => {
    if (entry !== last) {
      last = entry;
      line = entryLine(entry);
    }
    return line;
  };
}
