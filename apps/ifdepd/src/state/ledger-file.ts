import { closeSync } from 'node:fs';
import type { Action } from '../config/settings.ts';
import type { PreparedIntents } from '../engine/prepared-intents.ts';
import { ensureDirectory, errorText, isAbsence } from '../system/directories.ts';
import { type Loop, realLoop } from '../system/loop.ts';
import { type DaemonFile, filesOf } from './journal.ts';
import { jsonLines } from './json-lines.ts';
import { lateFile } from './late-file.ts';
import { openRotatingFile, type RotatingFile, readRotatingFile } from './rotating-file.ts';

/** One line of the file: a change that a daemon made to a destination, or has announced. */
export interface LedgerRecord {
  readonly id: string;
  /** Its state before ifdepd first set it; null: nothing is left to undo. */
  readonly was: 'up' | 'down' | null;
  /** The state that ifdepd set last. */
  readonly last: 'up' | 'down';
  /** Monotonic milliseconds of the boot. The latest record of a destination counts. */
  readonly at: number;
  /** False before the system call: the process may have been killed in between. */
  readonly done: boolean;
  /** The action by which an interface was set. */
  readonly action?: Action | undefined;
  /** Another action, by which it was set down before and which is not undone. */
  readonly former?: Action | undefined;
  /** The value that its driver needs to undo it: an advskew, the amount of a demotion. */
  readonly undoValue?: number | undefined;
  /** A counter that other programs change, too: its value before the call. */
  readonly counter?: number;
  /** By how much the call changes that counter. */
  readonly by?: number;
}

/** The options of a ledger file. */
export interface LedgerFileOptions extends DaemonFile {
  readonly namespace: number;
  /** The present records: written at the start of each new file. */
  readonly present: () => readonly LedgerRecord[];
}

/** Each half of the file. A record is some 150 bytes. */
const LIMIT_BYTES = 64 * 1024;

const IF_UNREAD = 'with raise: owned or on-exit: restore, what is down now counts as set down by ifdepd';

/** Where records are stored. */
export type LedgerFile = ReturnType<typeof openLedgerFile>;

/** Opens the file of a daemon and reads those of all daemons that ran in its network namespace. */
export function openLedgerFile(options: LedgerFileOptions, loop: Loop = realLoop) {
  const { directory, key, namespace, boot, present } = options;
  const path = `${directory}/${key}.ledger`;
  const unread = new Map<string, string>();
  const unreadable = (one: string, error: unknown): void => {
    if (!isAbsence(error)) {
      unread.set(one, errorText(error));
    }
  };
  const recordsIn = (one: string) => parseRecords(readRotatingFile(one, unreadable), boot);
  const records = filesOf(directory, namespace, 'ledger', unreadable).flatMap(recordsIn);
  const own = new Set(recordsIn(path).map(({ id }) => id));
  if (unread.size > 0) {
    const faults = [...unread].map(([one, error]) => `${one}: ${error}`).join('; ');
    options.unavailable(`what an earlier ifdepd set cannot be read: ${faults}; ${IF_UNREAD}`);
  }
  const late = lateFile({ open, failed: unwritable }, loop);
  let reported = late.file === null;

  function open(isLate: boolean): RotatingFile {
    ensureDirectory(directory, 0o750);
    // To rotate it would remove records that may be readable at the next start.
    const limit = unread.size > 0 ? Number.POSITIVE_INFINITY : LIMIT_BYTES;
    const file = openRotatingFile(path, limit, () => present().map(toLine).join('\n'), 0o600);
    if (isLate) {
      writePresent(file);
      reported = false;
      options.available(`changes are recorded from now on: ${path}`);
    }
    return file;
  }

  /** What was done while there was no file. */
  function writePresent(file: RotatingFile): void {
    try {
      file.writeNow(present().map(toLine).join('\n'));
    } catch (error) {
      void file.close();
      throw error;
    }
  }

  function unwritable(error: unknown): void {
    const effect = 'after a crash, ifdepd does not know what it had set (raise: owned, on-exit: restore)';
    options.unavailable(`changes cannot be recorded: ${path}: ${errorText(error)}; ${effect}`);
  }

  function toLine(record: LedgerRecord): string {
    return JSON.stringify({ boot, ...record });
  }

  return {
    /** Records of this boot by all daemons that ran in this network namespace, in no order. */
    records,
    /** The destinations in the records of earlier daemons with the same configuration. */
    own,
    /** Whether some records could not be read. */
    isPartial: unread.size > 0,
    /** Writes soon. Never throws, never waits. */
    write(record: LedgerRecord): void {
      late.wanted();
      late.file?.write(toLine(record));
    },
    /** Writes before it returns: the record survives a kill of the process. Never throws. */
    writeNow(these: readonly LedgerRecord[]): void {
      late.wanted();
      try {
        late.file?.writeNow(these.map(toLine).join('\n'));
      } catch (error) {
        if (!reported) {
          reported = true;
          unwritable(error);
        }
      }
    },
    /** What {@link writeNow} would write, for the kernel to write; null where the file cannot be opened. */
    prepare(these: readonly LedgerRecord[]): Omit<PreparedIntents, 'written'> | null {
      try {
        const fd = late.file?.openAgain();
        const record = new TextEncoder().encode(`${these.map(toLine).join('\n')}\n`);
        return fd === undefined ? null : { fd, record, [Symbol.dispose]: () => closeSync(fd) };
      } catch {
        return null;
      }
    },
    /** Waits for pending writes. */
    close: late.close,
  };
}

/** The records of a boot in a text, without lines of another boot, and lines that are no records. */
export function parseRecords(text: string, boot: string): readonly LedgerRecord[] {
  return jsonLines(text)
    .filter(isRecord)
    .filter((record) => record.boot === boot);
}

function isRecord(value: unknown): value is LedgerRecord & { readonly boot: unknown } {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { id, was, last, at, done, action, former, undoValue, counter, by } = value as Readonly<
    Record<string, unknown>
  >;
  return (
    typeof id === 'string' &&
    (was === null || was === 'up' || was === 'down') &&
    (last === 'up' || last === 'down') &&
    typeof at === 'number' &&
    typeof done === 'boolean' &&
    [action, former].every((one) => one === undefined || one === 'admin' || one === 'protodown') &&
    [undoValue, counter, by].every((number) => number === undefined || typeof number === 'number')
  );
}
