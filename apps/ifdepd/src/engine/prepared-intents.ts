/** The record of changes that the kernel writes right before it makes them. */
export interface PreparedIntents extends Disposable {
  /** A file that was opened to append. Open until this is disposed. */
  readonly fd: number;
  readonly record: Uint8Array;
  /** Called when the kernel has written the record, before anything else is recorded. */
  written(): void;
}

/**
 * Prepares the record that these destinations are about to be set.
 *
 * @returns null where it cannot be recorded
 */
export type PrepareIntents = (destinations: readonly string[], to: 'up' | 'down') => PreparedIntents | null;
