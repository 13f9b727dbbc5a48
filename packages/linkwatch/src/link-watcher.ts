import { callable, text } from '@ifdepd/libc';
import type { BackendName, LinkBackend } from './backends/backend.ts';
import type { LinkCounters } from './counters.ts';
import { EventQueue } from './event-queue.ts';
import { EventStream } from './event-stream.ts';
import type { LinkEvent, LinkRecord } from './link.ts';
import { LinkReader } from './link-reader.ts';
import type { LinkListener, LinkWatch } from './link-watch.ts';
import { Listeners } from './listeners.ts';
import { checkNames } from './options.ts';
import type { ReadingLoop } from './reading-loop.ts';
import { LinkSession } from './session.ts';

/** A watch: reads a backend, and reports events to listeners and iterators. */
export class LinkWatcher implements LinkWatch {
  readonly backendReason: string | null;
  readonly #backend: LinkBackend;
  readonly #session: LinkSession;
  readonly #reader: LinkReader;
  readonly #queueLimit: number;
  readonly #streams = new Set<EventStream>();
  readonly #onClose: (() => void)[] = [];
  readonly #listeners = new Listeners();
  /** Ends a stream; null while the watch is open. */
  #ending: ((stream: EventStream) => void) | null = null;

  /** @param whole as for {@link LinkReader.start} */
  constructor(
    backend: LinkBackend,
    queueLimit: number,
    reason: string | null,
    interest: Iterable<string> | null,
    whole = true,
    loop?: ReadingLoop,
  ) {
    this.backendReason = reason;
    this.#backend = backend;
    this.#queueLimit = queueLimit;
    this.#session = new LinkSession(
      backend.decoder,
      (event) => this.#listeners.emit(event),
      backend.reusesIndex,
      interest,
    );
    this.#reader = new LinkReader(backend, this.#session, () => this.#listeners.settle(), loop);
    this.#reader.start(whole);
  }

  get #closed(): boolean {
    return this.#ending !== null;
  }

  get backend(): BackendName {
    return this.#backend.name;
  }

  get links(): ReadonlyMap<string, LinkRecord> {
    return this.#session.table.byName;
  }

  get behind(): boolean {
    return this.#reader.behind;
  }

  get counters(): LinkCounters {
    return this.#session.counters;
  }

  /** The errno of the last refusal of a list, until a list is complete. */
  get refusal(): number | null {
    return this.#session.refusal;
  }

  lookUp(name: string): LinkRecord | undefined {
    text('lookUp: name', name);
    return this.#session.table.lookUp(name);
  }

  subscribe(listener: LinkListener, settled: () => void = () => {}): Disposable {
    callable('subscribe: listener', listener);
    callable('subscribe: settled', settled);
    if (this.#closed) {
      return { [Symbol.dispose]: () => undefined };
    }
    const first: LinkEvent = { type: 'snapshot', cause: 'start', links: [...this.links.values()] };
    return this.#listeners.add(listener, settled, this.#session.started ? first : null);
  }

  [Symbol.asyncIterator](): EventStream {
    const queue = new EventQueue(this.#queueLimit, () => [...this.links.values()]);
    const stream = new EventStream(queue, () => {
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

  setInterest(names: Iterable<string> | null): void {
    this.#session.setInterest(names === null ? null : checkNames('setInterest: names', names));
    this.#reader.drain(true);
  }

  resync(): void {
    this.#session.want('requested');
    this.#reader.drain(true);
  }

  catchUp(): boolean {
    return this.#reader.drain();
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

  /** Calls back once, when the watch is closed or aborted. */
  onClose(callback: () => void): void {
    this.#onClose.push(callback);
  }

  [Symbol.dispose](): void {
    this.close();
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
