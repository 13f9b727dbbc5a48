import type { Outcome } from '../engine/actuator.ts';
import type { Undo } from '../engine/destinations/driver.ts';
import type { LedgerFile, LedgerRecord } from './ledger-file.ts';

/** What we did to a destination. */
export interface LedgerEntry {
  /** What it was before we first wrote to it. */
  readonly was: 'up' | 'down';
  /** What we wrote last. */
  readonly last: 'up' | 'down';
  /** What its driver needs to undo that: an advskew, the amount of a demotion. */
  readonly undoValue?: number;
}

/** What was changed and how it was before: for `on-exit: restore` and `raise: owned`. */
export interface Ledger {
  /** What was done, and what was about to be done. */
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  /** What was about to be done when a process was killed, and may not have been done. */
  readonly intents: ReadonlyMap<string, LedgerRecord>;
  /** Records, before it returns, what is about to be done: called right before the system call. */
  intend(destination: string, to: 'up' | 'down', undo?: Undo): void;
  /** Records what was done, soon. */
  note(outcomes: readonly Pick<Outcome, 'effect' | 'changed' | 'undoValue' | 'error'>[]): void;
  /** Records that ifdepd has set a destination, and the value that it takes to undo that. */
  noteSet(destination: string, to: 'up' | 'down', undoValue?: number): void;
  /** Says of an intent whether it was carried out. One that was not leaves what was known before it. */
  resolve(destination: string, done: boolean): void;
  /** Whether we lowered it, and did not raise it since. */
  owned(destination: string): boolean;
  /** What it takes to undo what was done to it last; undefined where that takes no value. */
  undoValueOf(destination: string): number | undefined;
  forget(destination: string): void;
  /** What is known of a destination is known of another name of it, unless something is known of that already. */
  rename(destination: string, name: string): void;
  /** Everything that has to be known after this process, for the start of a new file. */
  present(): readonly LedgerRecord[];
}

/**
 * @param file what earlier processes left, and where to write
 * @param now monotonic milliseconds of the boot
 */
export function ledger(file: Pick<LedgerFile, 'records' | 'write' | 'writeNow'>, now: () => number): Ledger {
  const done = latest(file.records.filter((record) => record.done));
  const intents = new Map(
    [...latest(file.records)].filter(([, record]) => !record.done && record.was !== null),
  );
  const entries = new Map<string, LedgerEntry>();
  for (const record of [...done.values(), ...intents.values()]) {
    keep(record);
  }

  function keep({ id, was, last, undoValue }: LedgerRecord): void {
    if (was === null) {
      entries.delete(id);
    } else {
      entries.set(id, { was, last, ...(undoValue === undefined ? {} : { undoValue }) });
    }
  }

  /** What is known for certain about a destination from now on. */
  function record(id: string, entry: LedgerEntry | undefined): void {
    const last = entry?.last ?? 'up';
    const next: LedgerRecord = { id, was: null, last, ...entry, at: now(), done: true };
    intents.delete(id);
    done.set(id, next);
    keep(next);
    file.write(next);
  }

  function set(id: string, to: 'up' | 'down', undoValue?: number): void {
    const was = entries.get(id)?.was ?? opposite(to);
    record(id, { was, last: to, ...(undoValue === undefined ? {} : { undoValue }) });
  }

  return {
    entries,
    intents,
    intend(id, to, undo = {}) {
      const was = entries.get(id)?.was ?? opposite(to);
      const next: LedgerRecord = { id, was, last: to, ...undo, at: now(), done: false };
      intents.set(id, next);
      const before = done.get(id);
      // What was done last may be waiting to be written.
      file.writeNow(before === undefined ? [next] : [before, next]);
    },
    noteSet: set,
    note(outcomes) {
      for (const { effect, changed, undoValue, error } of outcomes) {
        const { destination: id, to } = effect;
        if (changed && error === null) {
          set(id, to, undoValue ?? undefined);
        } else if (intents.has(id)) {
          record(id, entries.get(id));
        }
      }
    },
    resolve(id, carriedOut) {
      const intent = intents.get(id);
      if (intent !== undefined) {
        keep(carriedOut ? intent : (done.get(id) ?? { ...intent, was: null }));
        record(id, entries.get(id));
      }
    },
    owned: (id) => entries.get(id)?.last === 'down',
    undoValueOf: (id) => entries.get(id)?.undoValue,
    forget(id) {
      if (entries.has(id) || intents.has(id)) {
        record(id, undefined);
      }
    },
    rename(id, name) {
      const entry = entries.get(id);
      if (entry !== undefined && !entries.has(name)) {
        record(name, entry);
        record(id, undefined);
      }
    },
    present: () => [...done.values(), ...intents.values()],
  };
}

function latest(records: readonly LedgerRecord[]): Map<string, LedgerRecord> {
  const found = new Map<string, LedgerRecord>();
  for (const record of records) {
    if (record.at >= (found.get(record.id)?.at ?? Number.NEGATIVE_INFINITY)) {
      found.set(record.id, record);
    }
  }
  return found;
}

function opposite(to: 'up' | 'down'): 'up' | 'down' {
  return to === 'up' ? 'down' : 'up';
}
