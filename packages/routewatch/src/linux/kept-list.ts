import type { EntryTable } from '../entry-table.ts';
import { addNumbered } from '../keys.ts';

/** An entry with its key. */
export interface Keyed<Entry> {
  readonly key: string;
  readonly entry: Entry;
}

/**
 * A table that is kept by lists and by notifications. A notification that came after the request of a list is newer than the
 * list: the kernel makes a part of it, and queues the part later.
 */
export class KeptList<Entry> {
  readonly table: EntryTable<Entry>;
  /** Reads the payload of one message; null for one that is not wanted. */
  readonly read: (payload: Uint8Array) => Keyed<Entry> | null;
  /** The list that is being received; null for none. */
  #list: Map<string, Entry> | null = null;
  /** The keys of notifications since its request. */
  readonly #newer = new Set<string>();

  constructor(table: EntryTable<Entry>, read: (payload: Uint8Array) => Keyed<Entry> | null) {
    this.table = table;
    this.read = read;
  }

  /** A list was requested. */
  begin(): void {
    this.#list = new Map();
    this.#newer.clear();
  }

  /** A message of the list. */
  add(payload: Uint8Array): void {
    const found = this.#list === null ? null : this.read(payload);
    if (found !== null && this.#list !== null) {
      addNumbered(this.#list, found.key, found.entry);
    }
  }

  /** The list is whole. */
  end(): void {
    if (this.#list !== null) {
      this.table.replace(this.#list, (key) => this.#newer.has(key));
      this.#list = null;
    }
  }

  /** The list does not count. */
  giveUp(): void {
    this.#list = null;
  }

  /** A notification: this is what the entry is now; null where it is gone. */
  notify(key: string, entry: Entry | null): void {
    if (this.#list !== null) {
      this.#newer.add(key);
    }
    if (entry === null) {
      this.table.remove(key);
    } else {
      this.table.put(key, entry);
    }
  }
}
