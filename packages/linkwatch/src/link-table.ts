import type { LinkRecord } from './link.ts';

/** The records that {@link LinkTable.put} replaced. */
export interface Replaced {
  /** The earlier record of the same interface. */
  readonly was: LinkRecord | undefined;
  /** Another interface with the same name. Names are unique, so it has lost the name. */
  readonly displaced: LinkRecord | undefined;
}

/** The links that exist, by index and by name. */
export class LinkTable {
  readonly #byIndex = new Map<number, LinkRecord>();
  readonly #byName = new Map<string, LinkRecord>();
  readonly #byAltName = new Map<string, LinkRecord>();

  /** The live view by name. */
  get byName(): ReadonlyMap<string, LinkRecord> {
    return this.#byName;
  }

  /** The live view by index. */
  get byIndex(): ReadonlyMap<number, LinkRecord> {
    return this.#byIndex;
  }

  /** Finds a link by its name, or else by an alternative name. */
  lookUp(name: string): LinkRecord | undefined {
    return this.#byName.get(name) ?? this.#byAltName.get(name);
  }

  /** Stores a link. */
  put(link: LinkRecord): Replaced {
    const holder = this.#byName.get(link.name);
    const displaced = holder !== undefined && holder.index !== link.index ? holder : undefined;
    if (displaced !== undefined) {
      this.remove(displaced.index);
    }
    const was = this.#byIndex.get(link.index);
    if (was !== undefined) {
      // The same name keeps its place in the map.
      if (was.name !== link.name) {
        this.#byName.delete(was.name);
      }
      this.#unnameAlternatives(was);
    }
    this.#byIndex.set(link.index, link);
    this.#byName.set(link.name, link);
    for (const name of link.altNames) {
      this.#byAltName.set(name, link);
    }
    return { was, displaced };
  }

  /** Removes a link and returns it. */
  remove(index: number): LinkRecord | undefined {
    const link = this.#byIndex.get(index);
    if (link !== undefined) {
      this.#byIndex.delete(index);
      this.#byName.delete(link.name);
      this.#unnameAlternatives(link);
    }
    return link;
  }

  #unnameAlternatives(link: LinkRecord): void {
    for (const name of link.altNames) {
      if (this.#byAltName.get(name) === link) {
        this.#byAltName.delete(name);
      }
    }
  }
}
