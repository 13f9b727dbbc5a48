import { type Libc, loadLibc } from '@ifdepd/libc';
import type { BackendName, LinkBackend } from './backends/backend.ts';
import { openRtnetlink } from './backends/rtnetlink.ts';
import type { LinkCounters } from './counters.ts';
import type { LinkEvent, LinkRecord } from './link.ts';
import { LinkSession } from './session.ts';

/** A listener of {@link LinkWatch.subscribe}. */
export type LinkListener = (event: LinkEvent) => void;

/** How {@link watchLinks} works. */
export interface WatchLinksOptions {
  /** The calls it makes. Default: those of this system. */
  readonly libc?: Libc;
  /** Closes the watch; iterators reject with its reason. */
  readonly signal?: AbortSignal;
  /** Default `auto`: the system's messages, and where it does not allow them, polling (see `backendReason`). */
  readonly backend?: 'auto' | 'rtnetlink' | 'polling';
  /** How many bytes of messages the kernel keeps for us. Default 8 MiB: some 3,000 messages. */
  readonly receiveBufferBytes?: number;
  /** How many events an async iterator keeps before it starts over with a snapshot. Default 1,024. */
  readonly queueLimit?: number;
  /** Polling only: how often links are read, in milliseconds. Default 250. */
  readonly pollIntervalMs?: number;
}

/** A watch over the network interfaces of the network namespace it was made in. */
export interface LinkWatch extends AsyncIterable<LinkEvent>, Disposable {
  readonly backend: BackendName;
  /** Why it is not the system's messages; null where it is, or where it was asked for. */
  readonly backendReason: string | null;
  /** The present truth, by name. Live: it changes before the event that tells so. */
  readonly links: ReadonlyMap<string, LinkRecord>;
  readonly counters: LinkCounters;
  /** The link of this name or alternative name. */
  lookUp(name: string): LinkRecord | undefined;
  /**
   * Calls `listener` for every event from now on, inside of the very callback of the event loop that read the
   * message. The first event that a listener gets is a snapshot with cause `start`: at once, before this returns,
   * when the first list is there (on Linux it always is). What a listener throws does not stop the others, and
   * becomes an uncaught exception.
   */
  subscribe(listener: LinkListener): Disposable;
  /** Asks the system for everything again: a snapshot with cause `requested` follows, on Linux before this returns. */
  resync(): void;
  /** Ends it; does nothing the second time. Iterators end after what they have queued. */
  close(): void;
}

const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;

/** Datagrams read in one go, before other work of the event loop gets its turn: some 20 ms. */
const DATAGRAMS_PER_WAKE = 4096;

/**
 * Watches the network interfaces. Everything that is there is known when it returns ({@link LinkWatch.links}).
 *
 * @throws {SystemError} where the system does not let us
 */
export function watchLinks(options: WatchLinksOptions = {}): LinkWatch {
  options.signal?.throwIfAborted();
  const libc = options.libc ?? loadLibc();
  const backend = openRtnetlink({
    libc,
    receiveBufferBytes: options.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES,
  });
  return new Watch(backend, null);
}

class Watch implements LinkWatch {
  readonly backendReason: string | null;
  readonly #backend: LinkBackend;
  readonly #session: LinkSession;
  readonly #readable: Disposable;
  #listeners: readonly { call: LinkListener | null }[] = [];
  #draining = false;
  #closed = false;

  constructor(backend: LinkBackend, reason: string | null) {
    this.backendReason = reason;
    this.#backend = backend;
    this.#session = new LinkSession(backend.decoder, (event) => this.#emit(event));
    this.#drain();
    this.#readable = backend.onReadable(() => this.#drain());
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

  lookUp(name: string): LinkRecord | undefined {
    return this.#session.table.lookUp(name);
  }

  subscribe(listener: LinkListener): Disposable {
    const entry: { call: LinkListener | null } = { call: listener };
    this.#listeners = [...this.#listeners, entry];
    if (this.#session.started) {
      deliver(entry, { type: 'snapshot', cause: 'start', links: [...this.links.values()] });
    }
    return {
      [Symbol.dispose]: () => {
        entry.call = null;
        this.#listeners = this.#listeners.filter((other) => other !== entry);
      },
    };
  }

  resync(): void {
    this.#session.want('requested');
    this.#drain();
  }

  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      this.#readable[Symbol.dispose]();
      this.#backend[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<LinkEvent> {
    throw new Error('not yet');
  }

  #drain(): void {
    if (this.#draining || this.#closed) {
      return;
    }
    this.#draining = true;
    try {
      for (let left = DATAGRAMS_PER_WAKE; left > 0 && !this.#closed; left--) {
        const received = this.#backend.receive();
        if (received.type !== 'nothing') {
          this.#session.feed(received);
        } else if (this.#session.wantsSnapshot) {
          this.#session.begin();
          this.#backend.requestSnapshot();
        } else {
          break;
        }
      }
    } finally {
      this.#draining = false;
    }
  }

  #emit(event: LinkEvent): void {
    for (const entry of this.#listeners) {
      deliver(entry, event);
    }
  }
}

function deliver(entry: { readonly call: LinkListener | null }, event: LinkEvent): void {
  try {
    entry.call?.(event);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
