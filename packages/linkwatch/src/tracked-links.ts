import type { LinkReading } from './backends/backend.ts';
import { answersTo, Interest, type LinkScope } from './interest.ts';
import { type LinkEvent, type LinkRecord, sameLink } from './link.ts';
import { LinkTable } from './link-table.ts';

/** The links of interest as they are known to be, and the events that follow when one turns out to be otherwise. */
export class TrackedLinks {
  readonly #table = new LinkTable();
  readonly #tell: (event: LinkEvent) => void;
  readonly #contradicted: () => void;
  readonly #reusesIndex: boolean;
  /** Null: everything is of interest. */
  #interest: Interest | null;
  #rescoped: boolean;

  /**
   * @param reusesIndex whether an index with another name is to be told as another link
   * @param contradicted called where what is told cannot be, unless news have been missed
   */
  constructor(
    names: Iterable<string> | null,
    reusesIndex: boolean,
    tell: (event: LinkEvent) => void,
    contradicted: () => void,
  ) {
    this.#interest = names === null ? null : new Interest(names, this.#table);
    this.#rescoped = this.#interest !== null;
    this.#reusesIndex = reusesIndex;
    this.#tell = tell;
    this.#contradicted = contradicted;
  }

  get table(): Pick<LinkTable, 'byIndex' | 'byName' | 'lookUp'> {
    return this.#table;
  }

  /** Whether {@link TrackedLinks.takeScope} would give another scope than the last time. */
  get rescoped(): boolean {
    return this.#rescoped;
  }

  /** What has to be told, for the system; null for everything. */
  takeScope(): LinkScope | null {
    this.#rescoped = false;
    return this.#interest?.scope ?? null;
  }

  /**
   * Other names are of interest from now on; null for all. Links that are not any more leave the table untold.
   *
   * @returns whether there may be links that are of interest only now
   */
  setInterest(names: Iterable<string> | null): boolean {
    const known = this.#interest === null ? null : new Set(this.#interest.names);
    const next = names === null ? null : new Interest(names, this.#table);
    this.#interest = next;
    this.#rescoped = true;
    if (next !== null) {
      for (const link of [...this.#table.byIndex.values()].filter((one) => !this.#coversRecord(one))) {
        this.#table.remove(link.index);
      }
      next.follow();
    }
    return known !== null && (next === null || next.names.some((name) => !known.has(name)));
  }

  /**
   * Whether news of this index can matter. All can until the system has been told the scope: it may have left out that
   * a link that is new to the table has lost its name again.
   */
  mayCover(index: number): boolean {
    return this.#interest === null || this.#rescoped || this.#interest.mayCover(index);
  }

  covers(reading: LinkReading): boolean {
    return this.#interest === null || this.#interest.covers(reading);
  }

  /** A link was told to be so. */
  update(reading: LinkReading): void {
    const known = this.#table.byIndex.get(reading.index);
    if (known !== undefined && reading.isSameAs(known)) {
      return;
    }
    if (this.covers(reading)) {
      this.#put(reading.toRecord());
    } else {
      this.remove(reading.index);
    }
  }

  /** Its carrier came or went; false where that is no news. */
  setCarrier(index: number, carrier: boolean): boolean {
    const known = this.#table.byIndex.get(index);
    if (known === undefined || known.carrier === carrier) {
      return false;
    }
    this.#put({ ...known, carrier, operstate: carrier ? 'up' : 'down' });
    return true;
  }

  /** It does not exist any more, or is of no interest under the names that it has now. */
  remove(index: number): void {
    const link = this.#table.remove(index);
    if (link !== undefined) {
      this.#moved();
      this.#tell({ type: 'departed', link });
    }
  }

  touch(index: number): void {
    const link = this.#table.byIndex.get(index);
    if (link !== undefined) {
      this.#tell({ type: 'touched', link });
    }
  }

  /** Compares a list of all links with what is known, and tells what differs. */
  compare(all: readonly LinkRecord[]): void {
    const links = all.filter((link) => this.#coversRecord(link));
    const present = new Set(links.map((link) => link.index));
    for (const index of [...this.#table.byIndex.keys()]) {
      if (!present.has(index)) {
        this.remove(index);
      }
    }
    for (const link of links) {
      const known = this.#table.byIndex.get(link.index);
      if (known === undefined || !sameLink(link, known)) {
        this.#put(link);
      }
    }
  }

  /**
   * A list of all links takes the place of what is known; untold.
   *
   * @param replaces whether the list is newer than what is known of a link that it may leave out
   */
  replace(all: Iterable<LinkRecord>, replaces: (index: number) => boolean): void {
    for (const index of [...this.#table.byIndex.keys()].filter(replaces)) {
      this.#table.remove(index);
    }
    for (const link of all) {
      if (this.#coversRecord(link) && this.#table.put(link).displaced !== undefined) {
        this.#contradicted();
      }
    }
    this.#moved();
  }

  #coversRecord(link: LinkRecord): boolean {
    return (
      this.#interest === null ||
      this.#interest.covers({
        answersTo: (name) => answersTo(link, name),
        someName: (is) => is(link.name) || link.altNames.some(is),
      })
    );
  }

  #put(link: LinkRecord): void {
    const { was, displaced } = this.#table.put(link);
    if (was?.name !== link.name || displaced !== undefined) {
      this.#moved();
    }
    if (displaced !== undefined) {
      // Two links of one name: the news about the other one has been missed.
      this.#contradicted();
      this.#tell({ type: 'departed', link: displaced });
    }
    if (was === undefined) {
      this.#tell({ type: 'arrived', link });
    } else if (was.name !== link.name && this.#reusesIndex) {
      this.#tell({ type: 'departed', link: was });
      this.#tell({ type: 'arrived', link });
    } else if (was.name !== link.name) {
      this.#tell({ type: 'renamed', link, was, from: was.name });
    } else {
      this.#tell({ type: 'changed', link, was });
    }
  }

  /** Links of the table came, went or have other names. */
  #moved(): void {
    if (this.#interest !== null) {
      this.#interest.follow();
      this.#rescoped = true;
    }
  }
}
