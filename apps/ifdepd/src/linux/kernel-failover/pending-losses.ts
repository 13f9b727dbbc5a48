import type { LinkHealth } from '@ifdepd/linkwatch';

/** Who is asked and told about losses that the kernel has acted on. */
export interface LossReader {
  /** Whether a source is still active by the messages that were read, and was not lost by any that is yet to be fed. */
  readonly isActive: (source: string) => boolean;
  /** Counts what shows that messages were lost: another number than before, and one may have been. */
  readonly missed: () => number;
  /** Whether the policy would raise the destination by what the messages say of it. */
  readonly wouldRaise: (destination: string) => boolean;
  /** The policy is to be told of a loss now. */
  readonly tell: (source: string, health: LinkHealth) => void;
  /** Everything is to be read again. */
  readonly reread: () => void;
}

/**
 * The losses that the kernel has acted on, until their messages have been read. These come by the ordinary way, in order
 * with all others, and tell the policy. It is told before them only
 *
 * - of everything at once, or by somebody who does not ask the kernel (a list, an operator);
 * - where the message may be lost, and news of what the kernel has set down come without it;
 * - where it would answer such news by raising it.
 *
 * An older message may say then that the source is active: it is not believed ({@link UnreadLosses.knownOf}).
 */
export class UnreadLosses {
  readonly #reader: LossReader;
  /** By source. */
  readonly #lost = new Map<string, LinkHealth>();
  /** The names of what the kernel has set down and the policy not yet, by their destinations. */
  readonly #taken = new Map<string, string>();
  /** Sources on whose loss the kernel has acted, until the policy has been told all that was read. */
  readonly #acted = new Set<string>();
  /** Whether the policy was told before their messages. */
  #told = false;
  /** Turns of the event loop that they have been waited for. */
  #turns = 0;
  /** What {@link LossReader.missed} said when there were none. */
  #missed = 0;

  constructor(reader: LossReader) {
    this.#reader = reader;
  }

  /** The kernel has acted on the loss of a source. */
  add(source: string, health: LinkHealth): void {
    this.#lost.set(source, health);
    this.#acted.add(source);
  }

  /** Whether the kernel has acted on a loss of a source that the policy is being told of. */
  hasActed(source: string): boolean {
    return this.#acted.has(source);
  }

  /** The kernel has set a destination down by the name of its interface. */
  take(destination: string, name: string): void {
    this.#taken.set(destination, name);
  }

  /** Whether the kernel has set a destination down, once. */
  took(destination: string): boolean {
    return this.#taken.delete(destination);
  }

  /** The loss of a source that the policy was told before its message: a message that says otherwise is older. */
  knownOf(source: string): LinkHealth | null {
    return this.#told ? (this.#lost.get(source) ?? null) : null;
  }

  /**
   * Whether a destination that is down is to be told as its messages say that it is: the kernel has set it down, and
   * the policy is yet to hear why.
   */
  goesByMessages(destination: string): boolean {
    return !this.#told && this.#taken.has(destination);
  }

  /**
   * Before the policy is told what messages say.
   *
   * @param names the interfaces that they are about
   * @param list whether there is a list of all among them
   */
  heard(names: Iterable<string>, list: boolean): void {
    this.#forgetRead();
    if (this.#lost.size === 0) {
      return;
    }
    if (list) {
      this.settle();
      if (this.#turns > 1) {
        // Asked for after the loss: it knows of it, or better.
        this.#lost.clear();
      }
    } else if (!this.#told && this.#mustKnow(names)) {
      this.settle();
    }
  }

  /** The policy has been told all that was read, and what follows was done. */
  fed(): void {
    if (this.#lost.size === 0) {
      this.#taken.clear();
      this.#acted.clear();
    }
  }

  /** Tells the policy of all losses that it has not been told of. */
  settle(): void {
    if (!this.#told && this.#lost.size > 0) {
      this.#told = true;
      for (const [source, health] of this.#lost) {
        this.#reader.tell(source, health);
      }
    }
  }

  /**
   * Once a turn of the event loop: whether all their messages have been read. What is not by the next turn was lost
   * without a word; then everything is read again.
   */
  turn(): 'read' | 'unread' | 'lost' {
    this.#forgetRead();
    if (this.#lost.size === 0) {
      this.#told = false;
      this.#turns = 0;
      this.#taken.clear();
      this.#missed = this.#reader.missed();
      return 'read';
    }
    this.#turns += 1;
    if (this.#turns === 2) {
      this.#reader.reread();
    }
    return this.#turns === 1 ? 'unread' : 'lost';
  }

  #mustKnow(names: Iterable<string>): boolean {
    const { missed, wouldRaise } = this.#reader;
    const heard = new Set(names);
    return [...this.#taken].some(
      ([destination, its]) => heard.has(its) && (missed() !== this.#missed || wouldRaise(destination)),
    );
  }

  #forgetRead(): void {
    for (const source of this.#lost.keys()) {
      if (!this.#reader.isActive(source)) {
        this.#lost.delete(source);
      }
    }
  }
}
