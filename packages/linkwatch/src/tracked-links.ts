import { answersTo, Interest, type LinkScope } from './interest.ts';
import { type LinkEvent, type LinkRecord, sameLink } from './link.ts';
import { LinkTable } from './link-table.ts';
import type { LinkReading } from './wire/link-decoder.ts';

/** The known links of interest. Emits an event when a message differs from them. */
export class TrackedLinks {
  readonly #table = new LinkTable();
  readonly #emit: (event: LinkEvent) => void;
  readonly #contradicted: () => void;
  readonly #reusesIndex: boolean;
  /** Null when everything is of interest. */
  #interest: Interest | null;
  /** Whether the scope is another than the system has. */
  rescoped: boolean;

  /**
   * @param reusesIndex whether an index with another name is another link
   * @param contradicted called when a message contradicts the table, so that another message must have been missed
   */
  constructor(
    names: Iterable<string> | null,
    reusesIndex: boolean,
    emit: (event: LinkEvent) => void,
    contradicted: () => void,
  ) {
    this.#interest = names === null ? null : new Interest(names, this.#table);
    this.rescoped = this.#interest !== null;
    this.#reusesIndex = reusesIndex;
    this.#emit = emit;
    this.#contradicted = contradicted;
  }

  get table(): Pick<LinkTable, 'byIndex' | 'byName' | 'lookUp'> {
    return this.#table;
  }

  /** The scope for the system; null for everything. */
  get scope(): LinkScope | null {
    return this.#interest?.scope ?? null;
  }

  /**
   * Replaces the names of interest; null for all. Links that are no longer of interest leave the table without an event.
   *
   * @returns whether there may be links of interest that are not in the table
   */
  setInterest(names: Iterable<string> | null): boolean {
    const known = this.#interest === null ? null : new Set(this.#interest.names);
    const next = names === null ? null : new Interest(names, this.#table);
    if (next !== null && known?.size === next.names.length && next.names.every((name) => known.has(name))) {
      // A reload that names the same interfaces: the filter of the socket is right, and so is the table.
      return false;
    }
    this.#interest = next;
    this.rescoped = true;
    if (next !== null) {
      for (const link of [...this.#table.byIndex.values()].filter((one) => !this.#coversRecord(one))) {
        this.#table.remove(link.index);
      }
      next.follow();
    }
    return known !== null && (next === null || next.names.some((name) => !known.has(name)));
  }

  /**
   * Whether a message about this index can matter. Every message can until the system has the scope: until then it may have dropped
   * the message that a new link has lost its name again.
   */
  mayCover(index: number): boolean {
    return this.#interest === null || this.rescoped || this.#interest.mayCover(index);
  }

  covers(reading: LinkReading): boolean {
    return this.#interest === null || this.#interest.covers(reading);
  }

  /** Applies a message about a link. */
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

  /** Applies a change of the carrier. @returns whether it differs */
  setCarrier(index: number, carrier: boolean): boolean {
    const known = this.#table.byIndex.get(index);
    if (known === undefined || known.carrier === carrier) {
      return false;
    }
    this.#put({ ...known, carrier, operstate: carrier ? 'up' : 'down' });
    return true;
  }

  /** Removes a link that was deleted, or is not of interest under its new names. */
  remove(index: number): void {
    const link = this.#table.remove(index);
    if (link !== undefined) {
      this.#moved();
      this.#emit({ type: 'departed', link });
    }
  }

  touch(index: number): void {
    const link = this.#table.byIndex.get(index);
    if (link !== undefined) {
      this.#emit({ type: 'touched', link });
    }
  }

  /** Compares a list of all links with the table, and emits the differences. */
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
   * Replaces the table by a list of all links, without events.
   *
   * @param replaces whether the list is newer than the known record of a link that it may lack
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
      // Two links with one name: a message about the other link was missed.
      this.#contradicted();
      this.#emit({ type: 'departed', link: displaced });
    }
    if (was === undefined) {
      this.#emit({ type: 'arrived', link });
    } else if (was.name !== link.name && this.#reusesIndex) {
      this.#emit({ type: 'departed', link: was });
      this.#emit({ type: 'arrived', link });
    } else if (was.name !== link.name) {
      this.#emit({ type: 'renamed', link, was, from: was.name });
    } else {
      this.#emit({ type: 'changed', link, was });
    }
  }

  /** Called when links of the table came, went or changed names. */
  #moved(): void {
    if (this.#interest !== null) {
      this.#interest.follow();
      this.rescoped = true;
    }
  }
}
