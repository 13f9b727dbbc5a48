import { callable, oneOf } from '@ifdepd/libc';
import type { RouteBackend } from './backend.ts';
import { BackendReader } from './backend-reader.ts';
import type { RouteCounters } from './counters.ts';
import { defaultRoutesOf, firstUsable } from './default-routes.ts';
import { EventStream } from './event-stream.ts';
import type { RouteEvent } from './events.ts';
import { Listeners, type RouteListener } from './listeners.ts';
import { FAMILIES } from './options.ts';
import type { AddressRecord, IpFamily, NeighbourRecord, RouteRecord } from './records.ts';
import { RouteTables } from './route-tables.ts';
import type { RouteWatch } from './route-watch.ts';

/** The parts of a {@link RouteWatcher}. */
export interface RouteWatcherParts {
  /** Opens the backend that keeps the tables. */
  readonly open: (tables: RouteTables) => RouteBackend;
  readonly counters: RouteCounters;
  /** Whether the routes are of several tables, as on Linux. */
  readonly hasTables: boolean;
  readonly queueLimit: number;
}

/** A watch: reads a backend, and reports events to listeners and iterators. */
export class RouteWatcher implements RouteWatch {
  readonly counters: RouteCounters;
  readonly #backend: RouteBackend;
  readonly #reader: BackendReader;
  readonly #tables: RouteTables;
  readonly #hasTables: boolean;
  readonly #queueLimit: number;
  readonly #listeners = new Listeners();
  readonly #streams = new Set<EventStream>();
  readonly #onClose: (() => void)[] = [];
  /** Null until somebody asks, and after each change of a route. */
  #defaults: readonly RouteRecord[] | null = null;
  /** Whether the first snapshot was reported. No event comes before it. */
  #started = false;
  /** Ends a stream; null while the watch is open. */
  #ending: ((stream: EventStream) => void) | null = null;

  /** Reads the first lists, which are whole where the system answers at once. */
  constructor({ open, counters, hasTables, queueLimit }: RouteWatcherParts) {
    this.counters = counters;
    this.#hasTables = hasTables;
    this.#queueLimit = queueLimit;
    this.#tables = new RouteTables((event) => this.#report(event));
    this.#backend = open(this.#tables);
    this.#reader = new BackendReader(this.#backend, () => this.#settle());
    try {
      this.#reader.start();
    } catch (error) {
      this.#reader.close();
      throw error;
    }
  }

  get backend(): RouteWatch['backend'] {
    return this.#backend.name;
  }

  get routes(): readonly RouteRecord[] {
    return this.#tables.routes;
  }

  get defaultRoutes(): readonly RouteRecord[] {
    this.#defaults ??= defaultRoutesOf(this.#tables.routes, this.#hasTables);
    return this.#defaults;
  }

  get addresses(): readonly AddressRecord[] {
    return [...this.#tables.addresses.values()];
  }

  get neighbours(): readonly NeighbourRecord[] {
    return [...this.#tables.neighbours.values()];
  }

  /** The errno of the last refusal of a list, until a list was read. */
  get refusal(): number | null {
    return this.#backend.refusal;
  }

  defaultRoute(family: IpFamily): RouteRecord | null {
    return firstUsable(this.defaultRoutes, oneOf('defaultRoute: family', family, FAMILIES));
  }

  subscribe(listener: RouteListener, settled: () => void = () => {}): Disposable {
    callable('subscribe: listener', listener);
    callable('subscribe: settled', settled);
    if (this.#ending !== null) {
      return { [Symbol.dispose]: () => undefined };
    }
    return this.#listeners.add(listener, settled, this.#started ? this.#tables.snapshot('start') : null);
  }

  [Symbol.asyncIterator](): EventStream {
    const snapshot = () => this.#tables.snapshot('queue-overflow');
    const stream = new EventStream(this.#queueLimit, snapshot, () => {
      this.#streams.delete(stream);
      subscription[Symbol.dispose]();
    });
    const subscription = this.subscribe((event) => stream.push(event));
    if (this.#ending === null) {
      this.#streams.add(stream);
    } else {
      this.#ending(stream);
    }
    return stream;
  }

  resync(): void {
    this.#backend.missed();
    this.#reader.read();
  }

  catchUp(): boolean {
    return this.#reader.read();
  }

  ref(): this {
    this.#reader.hold(true);
    return this;
  }

  unref(): this {
    this.#reader.hold(false);
    return this;
  }

  close(): void {
    this.#close((stream) => stream.end());
  }

  /** Closes the watch. Iterators reject with `reason`. */
  abort(reason: unknown): void {
    this.#close((stream) => stream.fail(reason));
  }

  /** Calls back once, where the watch is closed or aborted. */
  onClose(callback: () => void): void {
    this.#onClose.push(callback);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #report(event: RouteEvent): void {
    this.#defaults = null;
    if (this.#started) {
      this.#listeners.emit(event);
    }
  }

  #settle(): void {
    if (!this.#started && this.#backend.started) {
      this.#started = true;
      this.#listeners.emit(this.#tables.snapshot('start'));
    }
    this.#listeners.settle();
  }

  #close(ending: (stream: EventStream) => void): void {
    if (this.#ending === null) {
      this.#ending = ending;
      this.#reader.close();
      this.#listeners.clear();
      for (const stream of this.#streams) {
        ending(stream);
      }
      this.#streams.clear();
      for (const callback of this.#onClose.splice(0)) {
        callback();
      }
    }
  }
}
