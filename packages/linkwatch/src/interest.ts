import type { LinkTable } from './link-table.ts';
import type { LinkReading } from './wire/link-decoder.ts';

/** The events that a system must report. It may drop all others. */
export interface LinkScope {
  /** The names that are of interest. */
  readonly names: readonly string[];
  /** Those names that no link has as its main name now: a link may appear with the name, or have it as an alternative name. */
  readonly loose: readonly string[];
  /** The indices of the links that have the names now. */
  readonly indices: readonly number[];
}

/** Up to this number, each name of interest is compared with the link. Beyond, each name of the link is looked up. */
const FEW = 16;

/** The names of interest, and the links of a table that have them. The table holds no other links. */
export class Interest {
  readonly names: readonly string[];
  readonly #table: Pick<LinkTable, 'byIndex' | 'byName'>;
  readonly #isWanted: (name: string) => boolean;
  /** Null until it is computed. */
  #loose: readonly string[] | null = null;

  constructor(names: Iterable<string>, table: Pick<LinkTable, 'byIndex' | 'byName'>) {
    const wanted = new Set(names);
    this.names = [...wanted];
    this.#isWanted = (name) => wanted.has(name);
    this.#table = table;
  }

  /** Whether a link has one of the names. Allocates nothing for a few names. */
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
   * Whether a message about this index can matter. While each name is the main name of a known link, a message about another link
   * cannot: the known link would have to lose the name first, which a message reports, provided that the system knows this scope.
   */
  mayCover(index: number): boolean {
    return this.#looseNames().length > 0 || this.#table.byIndex.has(index);
  }

  get scope(): LinkScope {
    return { names: this.names, loose: this.#looseNames(), indices: [...this.#table.byIndex.keys()] };
  }

  /** Called when links of the table came, went or changed names. */
  follow(): void {
    this.#loose = null;
  }

  #looseNames(): readonly string[] {
    this.#loose ??= this.names.filter((name) => !this.#table.byName.has(name));
    return this.#loose;
  }
}

/** Whether a link has a name, as its main name or as an alternative one. */
export function answersTo(
  link: { readonly name: string; readonly altNames: readonly string[] },
  name: string,
): boolean {
  return link.name === name || link.altNames.includes(name);
}
