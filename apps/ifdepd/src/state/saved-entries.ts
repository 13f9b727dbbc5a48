import { join } from 'node:path';
import { directoriesOf } from '../system/directories.ts';
import { namesIn } from '../system/trusted-path.ts';
import { type JournalEntry, parseEntries } from './journal-entry.ts';
import { readRotatingFile } from './rotating-file.ts';

/** Journal entries on disk. */
export interface SavedEntries {
  /** The journals that they come from, without those that are empty or cannot be read. */
  readonly files: readonly string[];
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
}

/** The entries of all daemons that ran in a network namespace, including those that run now. */
export function savedEntries(namespace: number): SavedEntries {
  const { state } = directoriesOf();
  const journals = namesIn(state)
    .filter((name) => new RegExp(`^(cli|file)-${namespace}-[0-9a-f]{8}\\.journal$`).test(name))
    .map((name) => join(state, name))
    .map((path) => ({ path, entries: parseEntries(readRotatingFile(path)) }))
    .filter(({ entries }) => entries.length > 0);
  const entries = journals.flatMap((journal) => journal.entries);
  if (journals.length > 1) {
    // Only several journals are sorted: the order of one is right even where the wall clock was set back.
    entries.sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  }
  return { files: journals.map(({ path }) => path), entries };
}
