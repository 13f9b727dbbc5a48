import type { LinkRecord } from '@ifdepd/linkwatch';
import type { CarrierCounter } from '@ifdepd/netif/linux';

/** What the counts are taken from. */
export interface CarrierCountsOptions {
  /** What the kernel's messages say of a source. */
  readonly link: (source: string) => LinkRecord | undefined;
  /** Opens the counter of an interface by its name; null where there is none that can be trusted. */
  readonly open: (name: string) => CarrierCounter | null;
}

/** The counters of watched sources: which carrier has moved since the last look, for a system call each. */
export interface CarrierCounts extends Disposable {
  /** These are watched from now on; links may have changed. */
  follow(sources: readonly string[]): void;
  /** Whether none of them has moved: `moved` would be false of each. Takes no note. */
  still(): boolean;
  /**
   * Whether the carrier of a source may have changed, since the last time and since the kernel's messages: always, where
   * nothing counts it.
   */
  moved(source: string): boolean;
}

interface Entry {
  /** Of the interface. */
  readonly index: number;
  /** Null: it has none, or one that was found to be of another interface. */
  readonly counter: CarrierCounter | null;
  last: number;
}

/**
 * A counter is believed where it says what the kernel's messages said last, and as long as it is not behind them: one
 * that the file system shows of another network namespace stands still while the messages go on.
 */
export function carrierCounts({ link: linkOf, open }: CarrierCountsOptions): CarrierCounts {
  const entries = new Map<string, Entry>();
  /** Whether each of those that are followed has a counter. */
  let counted = true;

  function followOne(source: string): void {
    const link = linkOf(source);
    const told = link === undefined ? null : changesTold(link);
    if (link === undefined || told === null) {
      forget(source);
      return;
    }
    const entry = entries.get(source);
    if (entry === undefined || entry.index !== link.index) {
      forget(source);
      begin(source, link, told);
    } else if (entry.counter !== null && entry.counter.read() < told) {
      entry.counter[Symbol.dispose]();
      entries.set(source, { index: link.index, counter: null, last: 0 });
    } else {
      entry.last = told;
    }
  }

  function begin(source: string, link: LinkRecord, told: number): void {
    const counter = open(link.name);
    if (counter === null) {
      entries.set(source, { index: link.index, counter, last: 0 });
    } else if (counter.read() === told) {
      entries.set(source, { index: link.index, counter, last: told });
    } else {
      // Another interface's, or news are on their way: after those it is compared again.
      counter[Symbol.dispose]();
    }
  }

  function forget(source: string): void {
    entries.get(source)?.counter?.[Symbol.dispose]();
    entries.delete(source);
  }

  return {
    follow(sources) {
      counted = true;
      for (const source of entries.keys()) {
        if (!sources.includes(source)) {
          forget(source);
        }
      }
      for (const source of sources) {
        followOne(source);
        counted &&= entries.get(source)?.counter != null;
      }
    },
    still() {
      if (counted) {
        for (const { counter, last } of entries.values()) {
          if (counter?.read() !== last || last < 0) {
            return false;
          }
        }
      }
      return counted;
    },
    moved(source) {
      const entry = entries.get(source);
      if (entry === undefined || entry.counter === null) {
        return true;
      }
      const { last } = entry;
      entry.last = entry.counter.read();
      return entry.last !== last || entry.last < 0;
    },
    [Symbol.dispose]() {
      for (const source of [...entries.keys()]) {
        forget(source);
      }
    },
  };
}

/** Null where the messages of this kernel do not tell it (before 4.16). */
function changesTold({ carrierUpCount, carrierDownCount }: LinkRecord): number | null {
  return carrierUpCount === null || carrierDownCount === null ? null : carrierUpCount + carrierDownCount;
}
