import { isSame } from './records.ts';

/** A change of one entry. */
export type Change<Entry> =
  | { readonly type: 'added' | 'removed'; readonly entry: Entry }
  | { readonly type: 'changed'; readonly entry: Entry; readonly was: Entry };

/**
 * Entries by a key. It reports each difference that a change makes, and nothing for what stays the same. It counts what the
 * entries refer to: a link, a nexthop object.
 */
export class EntryTable<Entry> {
  readonly #entries = new Map<string, Entry>();
  readonly #references = new Map<string, number>();
  readonly #referencesOf: (entry: Entry) => readonly string[];
  readonly #report: (change: Change<Entry>) => void;

  /** @param referencesOf what an entry refers to, in any words */
  constructor(referencesOf: (entry: Entry) => readonly string[], report: (change: Change<Entry>) => void) {
    this.#referencesOf = referencesOf;
    this.#report = report;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** The entries, in the order in which they came. */
  values(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Whether an entry refers to it. */
  refersTo(reference: string): boolean {
    return this.#references.has(reference);
  }

  put(key: string, entry: Entry): void {
    const was = this.#entries.get(key);
    if (was !== undefined && isSame(was, entry)) {
      return;
    }
    this.#count(was, -1);
    this.#count(entry, 1);
    this.#entries.set(key, entry);
    this.#report(was === undefined ? { type: 'added', entry } : { type: 'changed', entry, was });
  }

  remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#count(entry, -1);
      this.#report({ type: 'removed', entry });
    }
  }

  /**
   * Takes a whole list in the place of all entries.
   *
   * @param isNewer keys that were changed after the list was made: they stay as they are
   */
  replace(list: ReadonlyMap<string, Entry>, isNewer: (key: string) => boolean = () => false): void {
    for (const key of [...this.#entries.keys()]) {
      if (!list.has(key) && !isNewer(key)) {
        this.remove(key);
      }
    }
    for (const [key, entry] of list) {
      if (!isNewer(key)) {
        this.put(key, entry);
      }
    }
  }

  #count(entry: Entry | undefined, by: 1 | -1): void {
    for (const reference of entry === undefined ? [] : this.#referencesOf(entry)) {
      const count = (this.#references.get(reference) ?? 0) + by;
      if (count === 0) {
        this.#references.delete(reference);
      } else {
        this.#references.set(reference, count);
      }
    }
  }
}
