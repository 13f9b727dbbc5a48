import type { LogEntry } from '../log/index.ts';
import { jsonLines } from './json-lines.ts';

/** One line of the journal: what `--log-format json` writes. */
export interface JournalEntry {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The journal entry of a line of the log. @param time of the wall clock */
export function toEntry({ event, level, message, fields }: LogEntry, time: Date): JournalEntry {
  return { time: time.toISOString(), level, event, ...fields, msg: message };
}

/** The entries in a text, without lines that are none. */
export function parseEntries(text: string): readonly JournalEntry[] {
  return jsonLines(text).filter(isEntry);
}

function isEntry(value: unknown): value is JournalEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'time' in value &&
    typeof value.time === 'string' &&
    'event' in value &&
    typeof value.event === 'string' &&
    'msg' in value &&
    typeof value.msg === 'string'
  );
}
