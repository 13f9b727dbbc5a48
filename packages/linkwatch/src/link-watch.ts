import type { BackendName } from './backends/backend.ts';
import type { LinkCounters } from './counters.ts';
import type { LinkEvent, LinkRecord } from './link.ts';

/** A listener of {@link LinkWatch.subscribe}. */
export type LinkListener = (event: LinkEvent) => void;

/** A watch over the interfaces of one network namespace. It keeps the process alive until it is closed, or `unref` is called. */
export interface LinkWatch extends AsyncIterable<LinkEvent>, Disposable {
  /** The source of the events. */
  readonly backend: BackendName;
  /** The reason why `auto` chose polling, as a sentence; null otherwise. */
  readonly backendReason: string | null;
  /** The links of interest by name. Live: changes before the event is reported. After `close` it keeps the last known state. */
  readonly links: ReadonlyMap<string, LinkRecord>;
  /** Counts of messages and failures so far. Live. */
  readonly counters: LinkCounters;
  /** Whether messages are known to wait: the table is then older than the system, although `settled` may have been called. */
  readonly behind: boolean;

  /** The link with this name or, on Linux, alternative name. */
  lookUp(name: string): LinkRecord | undefined;

  /**
   * Calls `listener` for every event from now on, inside the callback of the event loop that read the message.
   *
   * The first event of a listener is a snapshot with cause `start`. It comes before `subscribe` returns when the first list is
   * complete. On Linux that is so, unless links kept changing during the list; then it follows shortly.
   *
   * An exception of a listener stops neither the other listeners nor the watch. It is thrown again from `setImmediate`, as an
   * uncaught exception.
   *
   * @param settled called after the last event of the queue: the table then holds the current state. Earlier events may be long
   *   past. A program that acts on the state of links, and not on each change, acts here. While messages come faster than they can
   *   be read, it is called after 30,000 messages, and then after each 5 ms of reading
   */
  subscribe(listener: LinkListener, settled?: () => void): Disposable;

  /**
   * Replaces the names of interest ({@link WatchLinksOptions.interest}); null for all. Links that are no longer of interest leave the
   * table without an event. With new names, a snapshot with cause `requested` follows, as after {@link LinkWatch.resync}.
   */
  setInterest(names: Iterable<string> | null): void;

  /**
   * Asks the system for a new list. A snapshot with cause `requested` follows, on Linux normally before this returns. Within a
   * listener, or while a list is being received, the request follows as soon as that is done.
   */
  resync(): void;

  /**
   * Reads the messages that have come, without waiting for the event loop: listeners have been called when this returns. Costs one
   * system call when there is nothing to read. Within a listener it does nothing.
   *
   * @returns whether the table holds the current state; false when more than a few milliseconds of messages are left, which the
   *   next iterations of the event loop read
   */
  catchUp(): boolean;

  /**
   * An iterator with its own bounded queue, for slow consumers. Its first event is a snapshot. A new event of a link is merged into an
   * event of this link that still waits. When the queue is full, a snapshot with cause `queue-overflow` replaces it. So a consumer
   * never misses the last state.
   *
   * When the watch is closed, the iterator ends after the waiting events. When the signal is aborted, it rejects with its reason.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<LinkEvent>;

  /** Keeps the process alive again, after `unref`. */
  ref(): this;

  /** Lets the process end although the watch is open. A `LinkBackend` of the caller without an `unref` still keeps it alive. */
  unref(): this;

  /** Ends the watch. A second call does nothing. */
  close(): void;
}
