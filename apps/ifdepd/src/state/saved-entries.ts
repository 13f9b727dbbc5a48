import { join } from 'node:path';
import { directoriesOf } from '../system/directories.ts';
import { namesIn } from '../system/trusted-path.ts';
import { type JournalEntry, parseEntries } from './journal-entry.ts';
import { readRotatingFile } from './rotating-file.ts';

/** What daemons have left behind. */
export interface SavedEntries {
  /** The journals they were read from; those that are empty, or may not be read, are not among them. */
  readonly files: readonly string[];
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
}

/** The journals of all daemons that ran in a network namespace, whether one of them runs or not. */
export function savedEntries(namespace: number): SavedEntries {
  const { state } = directoriesOf();
  const journals = namesIn(state)
    .filter((name) => new RegExp(`^(cli|file)-${namespace}-[0-9a-f]{8}\\.journal$`).test(name))
    .map((name) => join(state, name))
    .map((path) => ({ path, entries: parseEntries(readRotatingFile(path)) }))
    .filter(({ entries }) => entries.length > 0);
  const entries = journals.flatMap((journal) => journal.entries);
  if (journals.length > 1) {
    // Within one journal its own order is the truth: the wall clock may have been set back meanwhile.
    entries.sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  }
  return { files: journals.map(({ path }) => path), entries };
}
