import type { Action } from '../config/settings.ts';
import type { Outcome } from '../engine/actuator.ts';
import type { Undo } from '../engine/destinations/driver.ts';
import type { PreparedIntents } from '../engine/prepared-intents.ts';
import type { LedgerFile, LedgerRecord } from './ledger-file.ts';

/** The record of an action of ifdepd on a destination. */
export type LedgerEntry = Pick<LedgerRecord, 'last' | 'action' | 'former' | 'undoValue'> & {
  /** Its state before ifdepd first set it. */
  readonly was: 'up' | 'down';
};

/** Records changes and the states before them, for `on-exit: restore` and `raise: owned`. */
export type Ledger = ReturnType<typeof ledger>;

/**
 * @param file records of earlier processes, and where to write
 * @param now monotonic milliseconds of the boot
 * @param actionOf the action by which an interface is set at present. Default: not known
 */
export function ledger(
  file: Pick<LedgerFile, 'records' | 'write' | 'writeNow' | 'prepare'>,
  now: () => number,
  actionOf: (destination: string) => Action | undefined = () => undefined,
) {
  const done = latest(file.records.filter((record) => record.done));
  const intents = new Map(
    [...latest(file.records)].filter(([, record]) => !record.done && record.was !== null),
  );
  const entries = new Map<string, LedgerEntry>();
  for (const record of [...done.values(), ...intents.values()]) {
    adopt(record);
  }

  function adopt({ id, was, last, action, former, undoValue }: LedgerRecord): void {
    if (was === null) {
      entries.delete(id);
    } else {
      entries.set(id, { was, last, action, former, undoValue });
    }
  }

  /** Records what is certain about a destination from now on. */
  function record(id: string, entry: LedgerEntry | undefined): void {
    const last = entry?.last ?? 'up';
    const next: LedgerRecord = { id, was: null, last, ...entry, at: now(), done: true };
    intents.delete(id);
    done.set(id, next);
    adopt(next);
    file.write(next);
  }

  /** The action that the present rules do not have for it, though something is down by it. */
  function formerOf(id: string): Action | undefined {
    const [now, entry] = [actionOf(id), entries.get(id)];
    if (now === undefined || entry === undefined) {
      return undefined;
    }
    const { last, action, former } = entry;
    const found = last === 'down' && action !== now ? action : former;
    return found === now ? undefined : found;
  }

  function set(id: string, to: 'up' | 'down', undoValue?: number): void {
    const was = entries.get(id)?.was ?? opposite(to);
    record(id, { was, last: to, action: actionOf(id), former: formerOf(id), undoValue });
  }

  function intentOf(id: string, to: 'up' | 'down', undo: Undo = {}): LedgerRecord {
    const was = entries.get(id)?.was ?? opposite(to);
    return { id, was, last: to, action: actionOf(id), former: formerOf(id), ...undo, at: now(), done: false };
  }

  /** The record of the last change may still wait to be written. */
  function withLast(next: LedgerRecord): readonly LedgerRecord[] {
    const before = done.get(next.id);
    return before === undefined ? [next] : [before, next];
  }

  return {
    /** Changes that were made or announced. */
    entries: entries as ReadonlyMap<string, LedgerEntry>,
    /** Changes that a killed process had announced and may not have made. */
    intents: intents as ReadonlyMap<string, LedgerRecord>,
    /** Records an announced change before it returns: called right before the system call. */
    intend(id: string, to: 'up' | 'down', undo: Undo = {}): void {
      const next = intentOf(id, to, undo);
      intents.set(id, next);
      file.writeNow(withLast(next));
    },
    /** Prepares what {@link intend} would record of these if they were set now, for the kernel to write. */
    prepareIntents(ids: readonly string[], to: 'up' | 'down'): PreparedIntents | null {
      const next = ids.map((id) => intentOf(id, to));
      const prepared = file.prepare(next.flatMap(withLast));
      return prepared && { ...prepared, written: () => next.forEach((one) => void intents.set(one.id, one)) };
    },
    /** Records that ifdepd has set a destination, and its undo value. */
    noteSet: set,
    /** Another action than the present one that holds an interface down; undefined where there is none. */
    formerOf,
    /** Records that the former action is undone, and what the destination is by the present one. */
    noteUndone(id: string, is: 'up' | 'down'): void {
      const was = entries.get(id)?.was ?? opposite(is);
      record(id, { ...entries.get(id), was, last: is, action: actionOf(id), former: undefined });
    },
    /** Records changes that were made, soon. */
    note(outcomes: readonly Omit<Outcome, 'answer'>[]): void {
      for (const { effect, changed, undoValue, error, byProgram } of outcomes) {
        const { destination: id, to } = effect;
        // A program that failed may have done a part.
        if (error === null ? changed : byProgram === true) {
          set(id, to, undoValue ?? undefined);
        } else if (intents.has(id)) {
          record(id, entries.get(id));
        }
      }
    },
    /** Settles an intent. One that was not carried out leaves what was known before it. */
    resolve(id: string, carriedOut: boolean): void {
      const intent = intents.get(id);
      if (intent !== undefined) {
        adopt(carriedOut ? intent : (done.get(id) ?? { ...intent, was: null }));
        record(id, entries.get(id));
      }
    },
    /** Takes for ours that it is down, in memory alone: a record of it may be readable at the next start. */
    assumeLowered(id: string): void {
      entries.set(id, { was: 'up', last: 'down', action: actionOf(id) });
    },
    /** Whether ifdepd has set it down, and not up since. */
    owned: (id: string) => entries.get(id)?.last === 'down',
    /** The undo value of its last change; undefined where there is none. */
    undoValueOf: (id: string) => entries.get(id)?.undoValue,
    forget(id: string): void {
      if (entries.has(id) || intents.has(id)) {
        record(id, undefined);
      }
    },
    /** Moves the entry of a destination to another name of it, unless that name has an entry already. */
    rename(id: string, name: string): void {
      const entry = entries.get(id);
      if (entry !== undefined && !entries.has(name)) {
        record(name, entry);
        record(id, undefined);
      }
    },
    /** All records that the next process needs, for the start of a new file. */
    present: (): readonly LedgerRecord[] => [...done.values(), ...intents.values()],
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
