import { plainJson } from '../log/printable.ts';
import type { JournalEntry } from '../state/journal-entry.ts';

/** An entry of the journal for clients: JSON on one line. */
export function entryLine(entry: JournalEntry): string {
  return `${plainJson(entry)}\n`;
}

/** The lines of entries, each made on demand. */
export function* entryLines(entries: Iterable<JournalEntry>): Iterable<string> {
  for (const entry of entries) {
    yield entryLine(entry);
  }
}

/** Makes the line of an entry once for all clients that get it one after another. */
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
