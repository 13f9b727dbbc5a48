import type { LinkScope } from '../interest.ts';
import type { LinkRecord } from '../link.ts';

/** How link events reach us. */
export type BackendName = 'rtnetlink' | 'route-socket' | 'polling';

/**
 * What one receive brought.
 *
 * - `bytes`, for the decoder, or for one of its own: valid until the next receive, up to `length`
 * - `links`: all of them; what the list leaves out does not exist
 * - `overrun`: the system has dropped messages
 * - `truncated`: a message was larger than the buffer, and is lost
 * - `foreign`: a message that is not the system's
 * - `unreadable`: the list could not be understood
 * - `refused`: the list that was asked for cannot be had (positive errno)
 */
export type Received =
  | { readonly type: 'nothing' }
  | {
      readonly type: 'bytes';
      readonly bytes: Uint8Array;
      readonly length: number;
      readonly decoder?: LinkDecoder;
    }
  | { readonly type: 'links'; readonly links: readonly LinkRecord[] }
  | { readonly type: 'overrun' }
  | { readonly type: 'refused'; readonly errno: number }
  | { readonly type: 'truncated' }
  | { readonly type: 'unreadable' }
  | { readonly type: 'foreign' };

/**
 * The operating system's part, two methods: receive what there is, and ask for a snapshot. Decoding, the table, the
 * differences, starting over after a loss and the queues are shared and stand above it.
 */
export interface LinkBackend extends Disposable {
  readonly name: BackendName;
  /**
   * Whether the system gives the number of an interface that is gone to the next one at once. A number with another
   * name is then told as one link departed and another arrived: whether it is the same interface is not known. Default:
   * false.
   */
  readonly reusesIndex?: boolean;
  /** What turns its bytes into facts. */
  readonly decoder: LinkDecoder;
  /** The next thing that there is to read; never waits. */
  receive(): Received;
  /**
   * Asks for a list of all links. The answer comes by {@link LinkBackend.receive}, at once or later. Not called
   * again before the answer has ended, or is not expected any more.
   *
   * @returns negative where it cannot even be asked for: the negated errno
   */
  requestSnapshot(): number;
  /**
   * What is of interest from now on; null for everything. A system that can leaves the rest out, and then asks for
   * whatever of interest it may have left out until now; one that cannot tells everything all the same.
   *
   * @returns negative where that could not be asked for, so that everything has to be: the negated errno
   */
  narrow?(scope: LinkScope | null): number;
  /** Calls back, in the event loop, when {@link LinkBackend.receive} has something. Keeps the process alive. */
  onReadable(callback: () => void): Disposable;
}

/** Turns bytes into facts, told to a {@link LinkSink} in the order of the bytes. Never throws. */
export interface LinkDecoder {
  decode(bytes: Uint8Array, length: number, sink: LinkSink): void;
}

/** The facts about one link in a message. Valid during the call that hands it over. */
export interface LinkReading {
  readonly index: number;
  /** Whether it states the same facts as `record`. Allocates nothing. */
  isSameAs(record: LinkRecord): boolean;
  /** Whether this is its name, or one of its alternative names. Allocates nothing. */
  answersTo(name: string): boolean;
  /** Whether its name or one of its alternative names is what is looked for. */
  someName(is: (name: string) => boolean): boolean;
  toRecord(): LinkRecord;
}

/** Takes what a decoder finds. */
export interface LinkSink {
  /** One message was looked at. */
  message(): void;
  /** Whether a notification about this link can matter. Where not, all of it but the index may be left unread. */
  wants(index: number): boolean;
  /** A link as it is. `listed`: from the answer to a request for a snapshot, and not a notification. */
  link(reading: LinkReading, listed: boolean): void;
  /** The carrier of a link came or went. What else is known of it stays. */
  carrier(index: number, carrier: boolean): void;
  /** A link is gone. */
  gone(index: number): void;
  /** Addresses of a link were added or deleted. */
  touched(index: number): void;
  /** The answer to a request ended. `interrupted`: links changed meanwhile and it may have holes. */
  listEnd(interrupted: boolean): void;
  /** The request was refused with this positive errno. */
  listRefused(errno: number): void;
  /** The request was refused because the answer to an earlier one is still on its way. */
  listBusy(): void;
  /** The system says that messages were lost. */
  lost(): void;
  /** Bytes that could not be understood. */
  bad(error: Error): void;
}
