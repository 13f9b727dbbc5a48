import type { LinkRecord } from '../link.ts';

/** What decoders of one watch have to remember, as no message says all of an interface. */
export class LinkNotes {
  /** What the numbers in messages stand for. */
  readonly names = new Map<number, string>();
  /** The carriers that events told, where messages have no link state. */
  readonly carriers = new Map<number, boolean>();
  /** Something has changed that no message tells: only a new list can. */
  hint = false;

  /** The number of an interface; undefined where it has not been listed yet. */
  indexOf(name: string): number | undefined {
    for (const [index, known] of this.names) {
      if (known === name) {
        return index;
      }
    }
    return undefined;
  }

  /** The interface is gone; its number may come again, and stand for another. */
  forget(index: number): void {
    this.names.delete(index);
    this.carriers.delete(index);
  }

  /** A complete list: it answers every hint, and what it leaves out is gone. */
  replace(links: readonly LinkRecord[]): void {
    const listed = new Map(links.map(({ index, name }) => [index, name]));
    for (const [index, name] of this.names) {
      if (listed.get(index) !== name) {
        this.forget(index);
      }
    }
    for (const [index, name] of listed) {
      this.names.set(index, name);
    }
    this.hint = false;
  }
}
