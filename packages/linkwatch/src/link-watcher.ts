import type { BackendName, LinkBackend } from './backends/backend.ts';
import type { LinkCounters } from './counters.ts';
import { EventQueue } from './event-queue.ts';
import { EventStream } from './event-stream.ts';
import type { LinkEvent, LinkRecord } from './link.ts';
import type { LinkListener, LinkWatch } from './link-watch.ts';
import { LinkSession } from './session.ts';

/** Datagrams read in one go before other work of the event loop gets its turn: some 20 ms. */
const DATAGRAMS_PER_WAKE = 4096;

/** Lists in a row that may fail before the next one is asked for only after a while. */
const FAILURES_AT_ONCE = 3;
const RETRY_FIRST_MS = 10;
const RETRY_LAST_MS = 1000;

/** A list is answered at once; one that has not ended after so long has got stuck. */
const LIST_STUCK_MS = 1000;

interface Entry {
  /** Null after it was disposed. */
  call: LinkListener | null;
}

/** Binds a backend, a session and the event loop together, and hands events on. */
export class LinkWatcher implements LinkWatch {
  readonly backendReason: string | null;
  readonly #backend: LinkBackend;
  readonly #session: LinkSession;
  readonly #readable: Disposable;
  readonly #queueLimit: number;
  readonly #streams = new Set<EventStream>();
  readonly #onClose: (() => void)[] = [];
  #listeners: readonly Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is set for; null where it is not. */
  #purpose: 'stuck' | 'retry' | null = null;
  #draining = false;
  /** What streams are told; null while it is open. */
  #ending: ((stream: EventStream) => void) | null = null;

  /** Reads the first list: it is there when the system answers at once. */
  constructor(
    backend: LinkBackend,
    queueLimit: number,
    reason: string | null,
    interest: Iterable<string> | null,
  ) {
    this.backendReason = reason;
    this.#backend = backend;
    this.#queueLimit = queueLimit;
    this.#session = new LinkSession(
      backend.decoder,
      (event) => this.#emit(event),
      backend.reusesIndex,
      interest,
    );
    this.#drain();
    this.#readable = backend.onReadable(() => this.#drain());
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

  get counters(): LinkCounters {
    return this.#session.counters;
  }

  /** The errno of the last refusal of a list, until there was one. */
  get refusal(): number | null {
    return this.#session.refusal;
  }

  lookUp(name: string): LinkRecord | undefined {
    return this.#session.table.lookUp(name);
  }

  subscribe(listener: LinkListener): Disposable {
    const entry: Entry = { call: listener };
    if (!this.#closed) {
      this.#listeners = [...this.#listeners, entry];
      if (this.#session.started) {
        deliver(entry, { type: 'snapshot', cause: 'start', links: [...this.links.values()] });
      }
    }
    return {
      [Symbol.dispose]: () => {
        entry.call = null;
        this.#listeners = this.#listeners.filter((other) => other !== entry);
      },
    };
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
    this.#session.setInterest(names);
    this.#drain(true);
  }

  resync(): void {
    this.#session.want('requested');
    this.#drain(true);
  }

  close(): void {
    this.#close((stream) => stream.end());
  }

  /** Closes; iterators reject with `reason`. */
  abort(reason: unknown): void {
    this.#close((stream) => stream.fail(reason));
  }

  /** Calls back once, when it is closed or aborted. */
  onClose(callback: () => void): void {
    this.#onClose.push(callback);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #close(ending: (stream: EventStream) => void): void {
    if (this.#ending === null) {
      this.#ending = ending;
      clearTimeout(this.#timer);
      this.#readable[Symbol.dispose]();
      this.#backend[Symbol.dispose]();
      this.#listeners = [];
      for (const stream of this.#streams) {
        ending(stream);
      }
      this.#streams.clear();
      for (const callback of this.#onClose.splice(0)) {
        callback();
      }
    }
  }

  /**
   * Reads all there is, then tells the system what may be left out, then asks for a list if one is wanted, and reads
   * that. In this order: as long as a netlink socket that has overrun holds a single message, the kernel drops new ones
   * without saying so again.
   *
   * @param force ask even if the last lists failed
   */
  #drain(force = false): void {
    if (this.#draining || this.#closed) {
      return;
    }
    let mayAsk = force;
    let left = DATAGRAMS_PER_WAKE;
    this.#draining = true;
    try {
      for (; left > 0 && !this.#closed; left--) {
        const received = this.#backend.receive();
        if (received.type !== 'nothing') {
          this.#session.feed(received);
        } else if (this.#session.wantsScope) {
          // Before a list is asked for: news of what it brings must not be left out any more.
          this.#session.rescope(this.#backend);
        } else if (this.#session.wantsSnapshot && (mayAsk || this.#session.failures < FAILURES_AT_ONCE)) {
          mayAsk = false;
          this.#session.request(this.#backend);
        } else {
          break;
        }
      }
    } finally {
      this.#draining = false;
    }
    if (left === 0) {
      // What the last messages ask for (a list, a second look) makes no descriptor readable: nobody else would come.
      setImmediate(() => this.#drain());
    }
    this.#schedule();
  }

  /** Sees to it that a list that is wanted or on its way does come. */
  #schedule(): void {
    const { listing, wantsSnapshot, failures } = this.#session;
    const purpose = this.#closed ? null : listing ? 'stuck' : wantsSnapshot ? 'retry' : null;
    if (purpose === this.#purpose) {
      return;
    }
    clearTimeout(this.#timer);
    this.#purpose = purpose;
    if (purpose !== null) {
      this.#timer = setTimeout(
        () => {
          this.#purpose = null;
          this.#session.giveUpList();
          this.#drain(true);
        },
        purpose === 'stuck' ? LIST_STUCK_MS : retryMs(failures),
      );
    }
  }

  #emit(event: LinkEvent): void {
    for (const entry of this.#listeners) {
      deliver(entry, event);
    }
  }
}

function deliver(entry: Entry, event: LinkEvent): void {
  try {
    entry.call?.(event);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}

/** Doubles with each failure: links that come and go all the time must not make us list them all the time. */
function retryMs(failures: number): number {
  return Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.max(0, failures - FAILURES_AT_ONCE));
}
