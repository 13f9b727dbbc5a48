import type { RouteCounters } from './counters.ts';
import type { RouteEvent } from './events.ts';
import type { RouteListener } from './listeners.ts';
import type { AddressRecord, IpFamily, NeighbourRecord, RouteRecord } from './records.ts';

/** A watch over the routes of one network namespace. It keeps the process alive until it is closed, or `unref` is called. */
export interface RouteWatch extends AsyncIterable<RouteEvent>, Disposable {
  /** The source of the events. */
  readonly backend: 'rtnetlink' | 'route-socket';
  /** The routes that the kernel has now. After `close` it keeps the last known state. */
  readonly routes: readonly RouteRecord[];
  /** The default routes among them, the one that counts first: by metric. */
  readonly defaultRoutes: readonly RouteRecord[];
  /** The addresses of this host. */
  readonly addresses: readonly AddressRecord[];
  /** The neighbours, where the watch was opened with `neighbours`. */
  readonly neighbours: readonly NeighbourRecord[];
  /** Counts of messages and failures so far. Live. */
  readonly counters: RouteCounters;

  /** The default route that packets take; null where there is none. Its next hops have the gateways and the interfaces. */
  defaultRoute(family: IpFamily): RouteRecord | null;

  /**
   * Calls `listener` for every event from now on, inside the callback of the event loop that read the message. The first event is
   * a snapshot. It comes before `subscribe` returns where the first lists are whole, which they are unless routes kept changing.
   *
   * An exception of a listener stops neither the other listeners nor the watch. It is thrown again from `setImmediate`.
   *
   * @param settled called after the last event of the queue: the watch then knows the present state. A program that acts on the
   *   state, and not on each change, acts here
   */
  subscribe(listener: RouteListener, settled?: () => void): Disposable;

  /** Reads every list again. The differences are reported as events, before this returns where the system answers at once. */
  resync(): void;

  /**
   * Reads the messages that have come, without waiting for the event loop. Within a listener it does nothing.
   *
   * @returns whether nothing is left to read
   */
  catchUp(): boolean;

  /**
   * An iterator with a bounded queue of its own, for slow consumers. Its first event is a snapshot. Where the queue is full, a
   * snapshot with cause `queue-overflow` replaces it. It ends after the waiting events where the watch is closed, and rejects
   * with the reason of an aborted signal.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<RouteEvent>;

  /** Keeps the process alive again. */
  ref(): this;

  /** Lets the process end although the watch is open. */
  unref(): this;

  /** Ends the watch. A second call does nothing. */
  close(): void;
}
