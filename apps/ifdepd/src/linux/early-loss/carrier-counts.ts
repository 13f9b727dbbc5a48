import type { LinkRecord } from '@ifdepd/linkwatch';
import type { CarrierCounter } from '@ifdepd/netif/linux';

/** The parts that the counts are read from. */
export interface CarrierCountsOptions {
  /** The link of a source, as the kernel's messages say. */
  readonly link: (source: string) => LinkRecord | undefined;
  /** Opens the counter of an interface by its name; null where the system has none that can be trusted. */
  readonly open: (name: string) => CarrierCounter | null;
}

/** Counters that are opened at one look at most. */
const MOST_OPENED = 50;

interface Entry {
  /** Of the interface. */
  readonly index: number;
  /** Null where it has none, or where its counter belongs to another interface. */
  readonly counter: CarrierCounter | null;
  /** The count of the kernel's last message. */
  reported: number;
  last: number;
}

/** Tells which carriers of watched sources have moved since the last look, with one system call for each. */
export type CarrierCounts = ReturnType<typeof carrierCounts>;

/**
 * A counter is believed when it agrees with the kernel's last message, and as long as it is not behind the messages.
 * A counter of another network namespace, which /sys may show, stands still while the messages go on.
 */
export function carrierCounts({ link: linkOf, open }: CarrierCountsOptions) {
  const entries = new Map<string, Entry>();
  /** Of sources that are watched and not followed. Their files stay open: to open one takes 13 system calls. */
  const parked = new Map<string, Entry>();
  /** Followed sources whose counters are still to be opened. */
  const waiting = new Set<string>();

  function followOne(source: string): void {
    const link = linkOf(source);
    const reported = link === undefined ? null : reportedChanges(link);
    if (link === undefined || reported === null) {
      forget(source);
      return;
    }
    const entry = entries.get(source);
    if (entry === undefined || entry.index !== link.index) {
      forget(source);
      begin(source, link, reported);
    } else if (entry.counter !== null && entry.reported !== reported && entry.counter.read() < reported) {
      entry.counter[Symbol.dispose]();
      entries.set(source, { index: link.index, counter: null, reported, last: 0 });
    } else {
      entry.reported = reported;
      entry.last = reported;
    }
  }

  function begin(source: string, link: LinkRecord, reported: number): void {
    const counter = open(link.name);
    if (counter === null) {
      entries.set(source, { index: link.index, counter, reported, last: 0 });
    } else if (counter.read() === reported) {
      entries.set(source, { index: link.index, counter, reported, last: reported });
    } else {
      // Of another interface, or a message is on its way: after that message it is compared again.
      counter[Symbol.dispose]();
    }
  }

  function forget(source: string): void {
    drop(entries, source);
  }

  function park(source: string): void {
    const entry = entries.get(source);
    if (entry?.counter != null) {
      parked.set(source, entry);
    }
    entries.delete(source);
  }

  function unpark(source: string): void {
    const entry = parked.get(source);
    if (entry !== undefined) {
      entries.set(source, entry);
      parked.delete(source);
    }
  }

  function isOpen(source: string): boolean {
    return entries.get(source)?.index === linkOf(source)?.index;
  }

  /** Opens some of the counters that are still to be opened: with a thousand sources, all of them would take 100 ms. */
  function followMore(): void {
    let opened = 0;
    for (const source of waiting) {
      if (opened === MOST_OPENED) {
        return;
      }
      opened += 1;
      waiting.delete(source);
      followOne(source);
    }
  }

  return {
    /**
     * Follows these sources from now on. To be called again when links have changed.
     *
     * @param watched all that may be followed later. Default: these alone
     */
    follow(sources: readonly string[], watched: Iterable<string> = sources): void {
      waiting.clear();
      const followed = new Set(sources);
      const kept = new Set(watched);
      for (const source of entries.keys()) {
        if (!followed.has(source)) {
          park(source);
        }
      }
      for (const source of parked.keys()) {
        if (!kept.has(source)) {
          drop(parked, source);
        }
      }
      for (const source of sources) {
        unpark(source);
        if (isOpen(source)) {
          followOne(source);
        } else {
          waiting.add(source);
        }
      }
      followMore();
    },
    followMore,
    /** How many sources it follows. */
    get size(): number {
      return entries.size;
    },
    /** Whether a source has a counter that is believed. */
    counts: (source: string): boolean => entries.get(source)?.counter != null,
    /** Whether a source has not moved: {@link CarrierCounts.moved} would be false because of its counter. Changes nothing. */
    isStill(source: string): boolean {
      const entry = entries.get(source);
      return entry !== undefined && entry.counter !== null && isAt(entry.counter.read(), entry.last);
    },
    /**
     * Whether the carrier of a source may have changed since the last call and since the kernel's messages: always true
     * where nothing counts it, and false until it was tried to open its counter.
     */
    moved(source: string): boolean {
      if (waiting.has(source)) {
        return false;
      }
      const entry = entries.get(source);
      if (entry === undefined || entry.counter === null) {
        return true;
      }
      const { last } = entry;
      entry.last = entry.counter.read();
      return !isAt(entry.last, last);
    },
    [Symbol.dispose]() {
      for (const table of [entries, parked]) {
        for (const source of table.keys()) {
          drop(table, source);
        }
      }
    },
  };
}

/** Closes the file of a source. */
function drop(table: Map<string, Entry>, source: string): void {
  table.get(source)?.counter?.[Symbol.dispose]();
  table.delete(source);
}

/** Whether a counter could be read and has the value of before. */
function isAt(count: number, before: number): boolean {
  return count === before && count >= 0;
}

/** Null before Linux 4.16, whose messages do not have the counts. */
function reportedChanges({ carrierUpCount, carrierDownCount }: LinkRecord): number | null {
  return carrierUpCount === null || carrierDownCount === null ? null : carrierUpCount + carrierDownCount;
}
