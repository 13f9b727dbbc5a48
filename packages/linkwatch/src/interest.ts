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

/** Up to so many names a link is asked for each of them; of more, each name of the link is looked up. */
const FEW = 16;

/** The names that somebody wants to hear of, and the links of a table, all of them, that answer to them. */
export class Interest {
  readonly names: readonly string[];
  readonly #table: Pick<LinkTable, 'byIndex' | 'byName'>;
  readonly #isWanted: (name: string) => boolean;
  /** Null: to be found out. */
  #loose: readonly string[] | null = null;

  constructor(names: Iterable<string>, table: Pick<LinkTable, 'byIndex' | 'byName'>) {
    const wanted = new Set(names);
    this.names = [...wanted];
    this.#isWanted = (name) => wanted.has(name);
    this.#table = table;
  }

  /** Whether a link answers to one of the names. Allocates nothing where there are few. */
  covers(link: Pick<LinkReading, 'answersTo' | 'someName'>): boolean {
    if (this.names.length > FEW) {
      return link.someName(this.#isWanted);
    }
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
    return this.#looseNames().length > 0 || this.#table.byIndex.has(index);
  }

  get scope(): LinkScope {
    return { names: this.names, loose: this.#looseNames(), indices: [...this.#table.byIndex.keys()] };
  }

  /** Links of the table came, went or have other names. */
  follow(): void {
    this.#loose = null;
  }

  #looseNames(): readonly string[] {
    this.#loose ??= this.names.filter((name) => !this.#table.byName.has(name));
    return this.#loose;
  }
}

/** Whether a link answers to a name: its own, or an alternative one. */
export function answersTo(
  link: { readonly name: string; readonly altNames: readonly string[] },
  name: string,
): boolean {
  return link.name === name || link.altNames.includes(name);
}
