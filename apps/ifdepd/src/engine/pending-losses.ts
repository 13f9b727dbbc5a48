import type { LinkHealth } from '@ifdepd/linkwatch';

/** An action of the kernel by itself: it set destinations upon the loss or the repair of a source. */
export type KernelAct = {
  /** The sources that share the interface that was lost or repaired. */
  readonly sources: readonly string[];
  readonly destinations: readonly SetInterface[];
} & ({ readonly to: 'down'; readonly health: LinkHealth } | { readonly to: 'up' });

/** A destination that the kernel has set, and which interface that was by the last message before. */
export interface SetInterface {
  readonly id: string;
  readonly index: number | undefined;
}

const NONE: readonly string[] = [];

/**
 * Losses that are known before the messages of the kernel report them. Two parts push them here: the early-loss probe, which
 * asks drivers, and the kernel failover, which learns afterwards what the kernel has done. Nobody asks those two back.
 */
export class PendingLosses {
  readonly #isReported: (source: string) => boolean;
  /** By source: what its driver says; null where it says nothing else than the messages. */
  readonly #believed = new Map<string, LinkHealth | null>();
  /** By source: the losses that the kernel has acted on and whose messages have not been read. */
  readonly #unread = new Map<string, LinkHealth>();
  /** The destinations that the kernel has set down and the policy has not. */
  readonly #lowered = new Set<string>();
  /** The destinations that the kernel has set up and the policy has not. */
  readonly #raised = new Set<string>();
  /** The destinations that went up by messages which the policy may not have been fed. */
  readonly #risen = new Set<string>();
  /** The sources that the kernel has acted on, until the policy has been fed everything that was read. */
  readonly #acted = new Set<string>();
  /** Complete lists of links since the oldest unread loss. */
  #lists = 0;

  /** @param isReported whether the messages that were read report a loss of a source, be it fed to the policy or not */
  constructor(isReported: (source: string) => boolean) {
    this.#isReported = isReported;
  }

  /** A driver says that a source has failed although the messages call it active; null when it no longer does. */
  believe(source: string, health: LinkHealth | null): void {
    this.#believed.set(source, health);
  }

  /** The kernel has acted by itself. The message that it has acted on is in the queue by now, unless the kernel dropped it. */
  add(act: KernelAct): void {
    if (this.#unread.size === 0) {
      this.#lists = 0;
    }
    for (const id of act.sources) {
      if (act.to === 'down') {
        this.#unread.set(id, act.health);
      }
      this.#acted.add(id);
    }
    for (const { id } of act.destinations) {
      (act.to === 'down' ? this.#lowered : this.#raised).add(id);
    }
  }

  /** A message says that a destination went up. */
  noteRisen(destination: string): void {
    this.#risen.add(destination);
  }

  /** Whether messages are known to be in the queue that have not been read: of what the kernel has acted on, or of its act. */
  isBehind(): boolean {
    return this.unread().length > 0 || [...this.#raised].some((id) => !this.#risen.has(id));
  }

  /** A complete list of links was read. The first one may be older than the loss; the second was requested after it. */
  listRead(): void {
    this.#lists += 1;
    if (this.#lists > 1) {
      this.#unread.clear();
    }
  }

  /** The sources whose loss the kernel has acted on, and whose messages have not been read. */
  unread(): readonly string[] {
    if (this.#unread.size === 0) {
      return NONE;
    }
    for (const id of this.#unread.keys()) {
      if (this.#isReported(id)) {
        this.#unread.delete(id);
      }
    }
    return [...this.#unread.keys()];
  }

  /** The loss of a source that its messages still call active; null where none is known. */
  lossOf(source: string): LinkHealth | null {
    return this.#believed.get(source) ?? this.#unread.get(source) ?? null;
  }

  /** Whether the kernel has set destinations upon a loss or a repair of a source that the policy is being fed now. */
  hasActed(source: string): boolean {
    return this.#acted.has(source);
  }

  /** Whether the kernel has set a destination down, and the policy does not know why yet. */
  isLowered(destination: string): boolean {
    return this.#lowered.has(destination);
  }

  /** The policy sets a destination down. @returns whether the kernel has done so already; true only once */
  takeLowered(destination: string): boolean {
    return this.#lowered.delete(destination);
  }

  /** Whether the kernel has set a destination up, and the policy does not know why yet. */
  isRaised(destination: string): boolean {
    return this.#raised.has(destination);
  }

  /**
   * The policy sets a destination up. True only once.
   *
   * @returns whether the kernel has done so already; `asked` where it was asked to, and no message says that it has
   */
  takeRaised(destination: string): boolean | 'asked' {
    return this.#raised.delete(destination) && (this.#risen.has(destination) || 'asked');
  }

  /** The policy has been fed everything that was read, and what followed was done. */
  fed(): void {
    this.#raised.clear();
    this.#risen.clear();
    if (this.#unread.size === 0) {
      this.#lowered.clear();
      this.#acted.clear();
    }
  }
}
