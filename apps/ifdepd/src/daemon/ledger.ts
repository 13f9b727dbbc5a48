import type { Outcome } from './actuator.ts';

/** What we did to a destination. */
export interface LedgerEntry {
  /** What it was before we first wrote to it. */
  readonly was: 'up' | 'down';
  /** What we wrote last. */
  readonly last: 'up' | 'down';
  /** What its driver needs to undo that: an advskew, the amount of a demotion. */
  readonly kept?: number;
}

/** What was changed and how it was before: for `on-exit: restore` and `raise: owned`. */
export interface Ledger {
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  note(outcomes: readonly Outcome[]): void;
  /** Whether we lowered it, and did not raise it since. */
  owned(destination: string): boolean;
  /** What it takes to undo what was done to it last; undefined where nothing had to be kept. */
  kept(destination: string): number | undefined;
  forget(destination: string): void;
}

/** @param entries what an earlier process left behind */
export function ledger(entries: Iterable<readonly [string, LedgerEntry]> = []): Ledger {
  const known = new Map(entries);
  return {
    entries: known,
    note(outcomes) {
      for (const { effect, changed, kept, error } of outcomes) {
        if (changed && error === null) {
          const { destination, to } = effect;
          const was = known.get(destination)?.was ?? (to === 'up' ? 'down' : 'up');
          known.set(destination, { was, last: to, ...(kept === null ? {} : { kept }) });
        }
      }
    },
    owned: (destination) => known.get(destination)?.last === 'down',
    kept: (destination) => known.get(destination)?.kept,
    forget: (destination) => void known.delete(destination),
  };
}
