import type { ReadableWatch } from '@ifdepd/libc';
import type { LinkScope } from '../interest.ts';
import type { LinkRecord } from '../link.ts';

/** The source of link events. */
export type BackendName = 'rtnetlink' | 'route-socket' | 'polling';

/**
 * The result of one receive.
 *
 * - `bytes`: for the decoder of the backend or another one; valid until the next receive, up to `length`
 * - `links`: all links; a link that is not in the list does not exist
 * - `overrun`: the system has dropped messages
 * - `truncated`: a message was larger than the buffer, and is lost
 * - `foreign`: a message of another sender than the system
 * - `unreadable`: the list could not be decoded
 * - `refused`: the system refused the requested list (positive errno)
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
 * The part of the operating system: it receives messages and requests snapshots. Decoding, the table, the differences, the recovery
 * after a loss and the queues are shared, above it.
 */
export interface LinkBackend extends Disposable {
  readonly name: BackendName;
  /**
   * Whether the system gives the index of a deleted interface to the next one at once. An index with another name is then reported
   * as a departure and an arrival, because it may be another interface. Default: false.
   */
  readonly reusesIndex?: boolean;
  /** Decodes the bytes. */
  readonly decoder: LinkDecoder;
  /** Reads the next message. Never waits. */
  receive(): Received;
  /**
   * Requests a list of all links. {@link LinkBackend.receive} returns the answer, at once or later. Not called again before the
   * answer has ended or was given up.
   *
   * @returns the negated errno when the request cannot be made
   */
  requestSnapshot(): number;
  /**
   * Sets the scope; null for everything. A backend that can drops all other events, and requests the links of the scope whose events
   * it may have dropped before. A backend that cannot reports everything.
   *
   * @returns the negated errno when that request failed, so that a whole list is needed
   * @throws {SystemError} when the system keeps the earlier scope: reading pauses, and the scope is set again
   */
  narrow?(scope: LinkScope | null): number;
  /**
   * Calls back from the event loop when {@link LinkBackend.receive} has a message. Keeps the process alive, until the `unref` of
   * what it returns is called.
   */
  onReadable(callback: () => void): ReadableWatch;
}

/** Decodes bytes and passes the facts to a {@link LinkSink}, in order. Never throws. */
export interface LinkDecoder {
  decode(bytes: Uint8Array, length: number, sink: LinkSink): void;
}

/** The facts about one link in a message. Valid during the call that passes it. */
export interface LinkReading {
  readonly index: number;
  /** Whether it has the same facts as `record`. Allocates nothing. */
  isSameAs(record: LinkRecord): boolean;
  /** Whether the link has this name or alternative name. Allocates nothing. */
  answersTo(name: string): boolean;
  /** Whether `is` returns true for the name or an alternative name of the link. */
  someName(is: (name: string) => boolean): boolean;
  toRecord(): LinkRecord;
}

/** Receives the facts that a decoder finds. */
export interface LinkSink {
  /** A message was read. */
  message(): void;
  /** Whether a notification about this link can matter. If not, the decoder may skip everything after the index. */
  wants(index: number): boolean;
  /** The facts of a link. @param listed whether they come from a requested list, and not from a notification */
  link(reading: LinkReading, listed: boolean): void;
  /** The carrier of a link came or went. Its other facts stay. */
  carrier(index: number, carrier: boolean): void;
  /** A link was deleted. */
  gone(index: number): void;
  /** Addresses of a link were added or deleted. */
  touched(index: number): void;
  /** A requested list ended. @param interrupted whether links changed meanwhile, so that it may lack some */
  listEnd(interrupted: boolean): void;
  /** The request was refused. @param errno positive */
  listRefused(errno: number): void;
  /** The request was refused because an earlier list is still being sent. */
  listBusy(): void;
  /** The system reports a loss of messages. */
  lost(): void;
  /** A message could not be decoded. */
  bad(error: Error): void;
}
