import type { LinkReading } from './backends/backend.ts';
import type { LinkRecord, SnapshotCause } from './link.ts';

/** The list of all links that was asked for, while it is received. */
export class LinkList {
  readonly #links = new Map<number, LinkRecord>();
  /** The indices that notifications were about since the list was asked for. */
  readonly #overtaken = new Set<number>();
  #cause: SnapshotCause | null = null;
  /** Whether it may lack links. */
  holes = false;

  /** Why it was asked for; null while none is on its way. */
  get cause(): SnapshotCause | null {
    return this.#cause;
  }

  /** The links of the parts so far. */
  get links(): Iterable<LinkRecord> {
    return this.#links.values();
  }

  begin(cause: SnapshotCause): void {
    this.clear();
    this.#cause = cause;
    this.holes = false;
  }

  /** It has ended, or is not expected any more; what came of it stays until {@link LinkList.clear}. */
  end(): void {
    this.#cause = null;
  }

  clear(): void {
    this.#links.clear();
    this.#overtaken.clear();
  }

  /** A notification came: newer than what the list says of the link. */
  overtake(index: number): void {
    if (this.#cause !== null) {
      this.#overtaken.add(index);
      this.#links.delete(index);
    }
  }

  /** Whether a notification since the request knows better. */
  isOvertaken(index: number): boolean {
    return this.#overtaken.has(index);
  }

  /** A part of it; `known` stands for it where it states the same. */
  add(reading: LinkReading, known: LinkRecord | undefined): void {
    this.#links.set(
      reading.index,
      known !== undefined && reading.isSameAs(known) ? known : reading.toRecord(),
    );
  }
}
