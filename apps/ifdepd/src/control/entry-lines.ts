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
