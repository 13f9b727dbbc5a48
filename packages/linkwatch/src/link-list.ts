import type { LinkRecord, SnapshotCause } from './link.ts';
import type { LinkReading } from './wire/link-decoder.ts';

/** A requested list of all links while it is being received. */
export class LinkList {
  readonly #links = new Map<number, LinkRecord>();
  /** The indices of notifications since the request. */
  readonly #overtaken = new Set<number>();
  #cause: SnapshotCause | null = null;
  /** Whether the list may lack links. */
  holes = false;

  /** The cause of the request; null while no list is being received. */
  get cause(): SnapshotCause | null {
    return this.#cause;
  }

  /** The links received so far. */
  get links(): Iterable<LinkRecord> {
    return this.#links.values();
  }

  begin(cause: SnapshotCause): void {
    this.clear();
    this.#cause = cause;
    this.holes = false;
  }

  /** Ends the list. Its links stay until {@link LinkList.clear}. */
  end(): void {
    this.#cause = null;
  }

  clear(): void {
    this.#links.clear();
    this.#overtaken.clear();
  }

  /** Records a notification, which is newer than the list. */
  overtake(index: number): void {
    if (this.#cause !== null) {
      this.#overtaken.add(index);
      this.#links.delete(index);
    }
  }

  /** Whether a notification came since the request. */
  isOvertaken(index: number): boolean {
    return this.#overtaken.has(index);
  }

  /** Adds a link. Uses the record `known` when it holds the same facts. */
  add(reading: LinkReading, known: LinkRecord | undefined): void {
    this.#links.set(
      reading.index,
      known !== undefined && reading.isSameAs(known) ? known : reading.toRecord(),
    );
  }
}
