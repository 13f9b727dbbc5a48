import type { LedgerEntry } from '../daemon/ledger.ts';
import type { LogEntry } from '../log/index.ts';

/** One line of the journal: what `--log-format json` writes. */
export interface JournalEntry {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** What the journal keeps of a line of the log. @param time of the wall clock. Default: now */
export function toEntry({ event, level, message, fields }: LogEntry, time: Date = new Date()): JournalEntry {
  return { time: time.toISOString(), level, event, ...fields, msg: message };
}

/** The entries in a text; a line that is torn (a crash, a full disk) is left out. */
export function parseEntries(text: string): readonly JournalEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = line === '' ? null : JSON.parse(line);
      return isEntry(entry) ? [entry] : [];
    } catch {
      return [];
    }
  });
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

/**
 * What the entries say was changed, and how it was before. Forgotten where the system has started anew since.
 *
 * @param boot the present one
 */
export function ledgerOf(entries: readonly JournalEntry[], boot: string): ReadonlyMap<string, LedgerEntry> {
  let known = new Map<string, LedgerEntry>();
  /** Whether the process that wrote what follows ran since the system has started. */
  let present = false;
  for (const entry of entries) {
    if (entry.event === 'start' || entry.event === 'checkpoint') {
      const ledger = isRecord(entry['ledger'])
        ? Object.entries(entry['ledger']).flatMap(asLedger)
        : [...known];
      present = entry['boot'] === boot;
      known = new Map(present ? ledger : []);
    } else if (present && entry['cause'] === 'on-exit') {
      for (const id of destinationsIn(entry)) {
        known.delete(id);
      }
    } else if (
      present &&
      (entry.event === 'action' || entry.event === 'foreign-change') &&
      isWay(entry['to'])
    ) {
      const last = entry['to'];
      for (const id of destinationsIn(entry)) {
        const was = known.get(id)?.was ?? (last === 'up' ? 'down' : 'up');
        known.set(id, { was, last, ...keptOf(isRecord(entry['kept']) ? entry['kept'][id] : undefined) });
      }
    }
  }
  return known;
}

function destinationsIn(entry: JournalEntry): readonly string[] {
  const ids = entry['destinations'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

function asLedger([id, value]: [string, unknown]): [string, LedgerEntry][] {
  return isRecord(value) && isWay(value['was']) && isWay(value['last'])
    ? [[id, { was: value['was'], last: value['last'], ...keptOf(value['kept']) }]]
    : [];
}

function keptOf(value: unknown): Pick<LedgerEntry, 'kept'> {
  return typeof value === 'number' && Number.isFinite(value) ? { kept: value } : {};
}

function isWay(value: unknown): value is 'up' | 'down' {
  return value === 'up' || value === 'down';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
