import type { BackendName } from './backends/backend.ts';
import type { LinkCounters } from './counters.ts';
import type { LinkEvent, LinkRecord } from './link.ts';

/** A listener of {@link LinkWatch.subscribe}. */
export type LinkListener = (event: LinkEvent) => void;

/** A watch over the network interfaces of the network namespace it was made in. Keeps the process alive until closed. */
export interface LinkWatch extends AsyncIterable<LinkEvent>, Disposable {
  /** How the events reach us. */
  readonly backend: BackendName;
  /** Why it is polling, in a sentence, where `auto` had to choose that; else null. */
  readonly backendReason: string | null;
  /** The present truth, by name, of what is of interest. Live: it changes before the event that tells so; after `close` it is the last known. */
  readonly links: ReadonlyMap<string, LinkRecord>;
  /** What was seen so far. Live. */
  readonly counters: LinkCounters;

  /** The link of this name or, Linux, alternative name. */
  lookUp(name: string): LinkRecord | undefined;

  /**
   * Calls `listener` for every event from now on, inside of the very callback of the event loop that read the
   * message.
   *
   * The first event that a listener gets is a snapshot with cause `start`: at once, before `subscribe` returns, when
   * the first list is there. On Linux it is, unless links kept changing while it was made; it then follows shortly.
   *
   * What a listener throws stops neither the others nor the watch: it is thrown again by itself, from
   * `setImmediate`, as an uncaught exception.
   *
   * @param settled called after the last event of what there was to read: the table is then of this moment. Events before
   *   it may be long past. Whoever acts on the state of links, and not on each change, acts here. While messages keep
   *   coming faster than they can be read it is called every 250 ms at the latest
   */
  subscribe(listener: LinkListener, settled?: () => void): Disposable;

  /**
   * Other names are of interest from now on ({@link WatchLinksOptions.interest}); null for all. Links that nobody wants
   * any more leave the table without an event; where there are new names, a snapshot with cause `requested` follows, as
   * after {@link LinkWatch.resync}.
   */
  setInterest(names: Iterable<string> | null): void;

  /**
   * Asks the system for everything again: a snapshot with cause `requested` follows, on Linux normally before this
   * returns. Within a listener, or while a list is being received, it is asked for as soon as that is done.
   */
  resync(): void;

  /**
   * Reads what the system has told by now, without waiting for the event loop: listeners have been called when this
   * returns. Costs one system call where there is nothing. Within a listener it does nothing.
   *
   * @returns whether the table is of this moment; false where there is more than a few milliseconds' worth, which the
   *   next turns of the event loop read
   */
  catchUp(): boolean;

  /**
   * An iterator with a bounded queue of its own, for consumers that take their time. Its first event is a snapshot.
   * What happens to a link whose last event still waits is merged into that event; a consumer that is too slow for
   * even that gets a snapshot with cause `queue-overflow` instead of what waited: it never misses the last state.
   *
   * Ends after what waits when the watch is closed; rejects with the signal's reason when that is aborted.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<LinkEvent>;

  /** Ends it; does nothing the second time. */
  close(): void;
}
