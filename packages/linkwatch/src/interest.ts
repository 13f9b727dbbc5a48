import type { LinkReading } from './backends/backend.ts';
import type { LinkTable } from './link-table.ts';

/** What a system has to tell, and may leave the rest out. */
export interface LinkScope {
  /** The names that are of interest. */
  readonly names: readonly string[];
  /** Those of them that no link has as its own name at present: one may appear, or have it as an alternative name. */
  readonly loose: readonly string[];
  /** The links that answer to the names at present. */
  readonly indices: readonly number[];
}

/** The names that somebody wants to hear of, and the links of a table, all of them, that answer to them. */
export class Interest {
  readonly names: readonly string[];
  readonly #table: Pick<LinkTable, 'byIndex' | 'byName'>;
  #loose: readonly string[];

  constructor(names: Iterable<string>, table: Pick<LinkTable, 'byIndex' | 'byName'>) {
    this.names = [...new Set(names)];
    this.#table = table;
    this.#loose = this.names;
    this.follow();
  }

  /** Whether a link answers to one of the names. Allocates nothing. */
  covers(link: Pick<LinkReading, 'answersTo'>): boolean {
    for (const name of this.names) {
      if (link.answersTo(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether news of this index can matter. As long as a link has each name as its own, news of others cannot: it would
   * have to lose the name first, and tells, provided that the system knows this scope.
   */
  mayCover(index: number): boolean {
    return this.#loose.length > 0 || this.#table.byIndex.has(index);
  }

  get scope(): LinkScope {
    return { names: this.names, loose: this.#loose, indices: [...this.#table.byIndex.keys()] };
  }

  /** Links of the table came, went or have other names. */
  follow(): void {
    this.#loose = this.names.filter((name) => !this.#table.byName.has(name));
  }
}

/** Whether a link answers to a name: its own, or an alternative one. */
export function answersTo(
  link: { readonly name: string; readonly altNames: readonly string[] },
  name: string,
): boolean {
  return link.name === name || link.altNames.includes(name);
}
