import type { LinkRecord } from '../link.ts';

/** Facts that the decoders of one watch remember, because no message has all facts of an interface. */
export class LinkNotes {
  /** The names of interfaces by index. */
  readonly names = new Map<number, string>();
  /** The carriers from events, for systems whose messages have no link state. */
  readonly carriers = new Map<number, boolean>();
  /** Whether a new list is needed, because a change is in no message. */
  hint = false;

  /** The index of an interface; undefined before it is listed. */
  indexOf(name: string): number | undefined {
    for (const [index, known] of this.names) {
      if (known === name) {
        return index;
      }
    }
    return undefined;
  }

  /** Removes an interface. Another one may get its index. */
  forget(index: number): void {
    this.names.delete(index);
    this.carriers.delete(index);
  }

  /** Applies a complete list. It settles every hint, and removes the interfaces that it lacks. */
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
