import { join } from 'node:path';
import type { LogEntry } from '../log/index.ts';
import { directoriesOf, ensureDirectory, errorText } from '../system/directories.ts';
import { type Loop, realLoop } from '../system/loop.ts';
import { namesIn } from '../system/trusted-path.ts';
import { version } from '../system/version.ts';
import { type JournalEntry, parseEntries, toEntry } from './journal-entry.ts';
import { lateFile } from './late-file.ts';
import {
  openRotatingFile,
  type RotatingFile,
  readRotatingFile,
  removeRotatingFile,
} from './rotating-file.ts';

/** Where the files of a daemon are, and what they are for. */
export interface DaemonFile {
  /** The directory of all daemons; created where its parent exists. */
  readonly directory: string;
  /** Identifies the daemon on this host, see {@link journalKey}: its files have names that begin with it. */
  readonly key: string;
  /**
   * Identifies the boot: changes of an earlier boot are no longer in force. Behind a space, the cookie that distinguishes its
   * network namespace from an earlier one of the same number.
   */
  readonly boot: string;
  /** Called where the file cannot be written. */
  readonly unavailable: (reason: string) => void;
  /** Called where a file that could not be opened at the start is open now. */
  readonly available: (message: string) => void;
}

/** Size of each half of the file. An entry has some 200 bytes. */
const LIMIT_BYTES = 512 * 1024;

/** How many entries stay in memory, for clients. */
const MOST_ENTRIES = 2000;

/** The log of a daemon in a file that survives crashes and can be read again. */
export type Journal = ReturnType<typeof openJournal>;

/** Opens the journal of a daemon. */
export function openJournal(options: DaemonFile, loop: Loop = realLoop) {
  const { directory, key, boot } = options;
  const path = `${directory}/${key}.journal`;
  const entries = [...parseEntries(readRotatingFile(path))];
  const isForeign = isOfAnother(entries, boot);
  if (isForeign) {
    entries.length = 0;
  }
  /** How many of the latest entries wait for a file that is not open yet. */
  let unsaved = 0;
  const listeners = new Set<(entry: JournalEntry) => void>();
  const now = () => new Date(loop.wallNow());
  const late = lateFile(
    {
      open,
      failed: (error) =>
        options.unavailable(`the journal is kept in memory only: ${path}: ${errorText(error)}`),
    },
    loop,
  );
  remember([]);

  function open(isLate: boolean): RotatingFile {
    ensureDirectory(directory, 0o750);
    if (isForeign) {
      removeRotatingFile(path);
    }
    const file = openRotatingFile(path, LIMIT_BYTES, checkpoint);
    for (const entry of entries.slice(entries.length - unsaved)) {
      file.write(JSON.stringify(entry));
    }
    if (isLate) {
      options.available(`the journal is written to its file from now on: ${path}`);
    }
    return file;
  }

  function checkpoint(): string {
    const fields = { boot };
    return JSON.stringify(
      toEntry({ event: 'checkpoint', level: 'info', message: 'journal rotated', fields }, now()),
    );
  }

  function remember(more: readonly JournalEntry[]): void {
    entries.push(...more);
    if (entries.length > MOST_ENTRIES * 1.1) {
      entries.splice(0, entries.length - MOST_ENTRIES);
    }
  }

  return {
    /** The latest entries, oldest first, including those of earlier processes. */
    entries: entries as readonly JournalEntry[],
    /** The file; null while the journal is in memory only. */
    get path(): string | null {
      return late.file === null ? null : path;
    },
    write(logged: LogEntry) {
      const fields = logged.event === 'start' ? { ...logged.fields, boot, version } : logged.fields;
      const entry = toEntry(fields === undefined ? logged : { ...logged, fields }, now());
      remember([entry]);
      if (late.file === null) {
        unsaved = Math.min(unsaved + 1, entries.length);
        late.wanted();
      } else {
        late.file.write(JSON.stringify(entry));
      }
      for (const listener of listeners) {
        listener(entry);
      }
    },
    /** Calls for each entry from now on. */
    follow(listener: (entry: JournalEntry) => void): Disposable {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    close: late.close,
  };
}

/** Whether another network namespace had this number before, since the system started. */
function isOfAnother(entries: readonly JournalEntry[], boot: string): boolean {
  const last = entries.findLast(({ event }) => event === 'start' || event === 'checkpoint')?.['boot'];
  const [id, cookie] = boot.split(' ');
  const [lastId, lastCookie] = typeof last === 'string' ? last.split(' ') : [];
  return id === lastId && Boolean(lastCookie) && lastCookie !== cookie;
}

/** The name of a journal: the network namespace, and what the daemon is for. */
export function journalKey(namespace: number, file: string | null, destinations: Iterable<string>): string {
  const what = file ?? [...destinations].sort().join(':');
  let hash = 0x811c9dc5;
  for (const char of what) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return `${file === null ? 'cli' : 'file'}-${namespace}-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

/**
 * The files of all daemons that ran in a network namespace, by the names that {@link journalKey} gives.
 *
 * @param kind how their names end
 * @param unreadable is called where the directory cannot be read. Default: it counts as empty
 */
export function filesOf(
  directory: string,
  namespace: number,
  kind: 'journal' | 'ledger',
  unreadable?: (directory: string, error: unknown) => void,
): readonly string[] {
  const wanted = new RegExp(`^(cli|file)-${namespace}-[0-9a-f]{8}\\.${kind}$`);
  return namesIn(directory, unreadable)
    .filter((name) => wanted.test(name))
    .map((name) => join(directory, name));
}

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
  const journals = filesOf(state, namespace, 'journal')
    .map((path) => ({ path, entries: parseEntries(readRotatingFile(path)) }))
    .filter(({ entries }) => entries.length > 0);
  const entries = journals.flatMap((journal) => journal.entries);
  if (journals.length > 1) {
    // Only several journals are sorted: the order of one is right even where the wall clock was set back.
    entries.sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  }
  return { files: journals.map(({ path }) => path), entries };
}
