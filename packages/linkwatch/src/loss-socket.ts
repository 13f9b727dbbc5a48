import type { Result } from '@ifdepd/libc';
import type { LinkHealth } from './health.ts';

/** The loss of a link, as a message tells it. */
export interface Loss {
  /** The link's. */
  readonly index: number;
  /** In few words: a message about the same link may know more. */
  readonly health: LinkHealth;
}

/**
 * A socket in whose queue there is nothing but the loss of certain links: what waits for it with a call of its own needs
 * not look at what it gets.
 */
export interface LossSocket extends Disposable {
  /** For a call of one's own that waits: it blocks. */
  readonly fd: number;
  /** The losses of these links are queued from now on, and no others. Nothing is, where it fails. */
  narrow(indices: readonly number[]): Result;
  /** Throws away what is in the queue. */
  drain(): void;
  /** What a received message tells; null where it is none of such a loss. */
  read(message: Uint8Array): Loss | null;
}
