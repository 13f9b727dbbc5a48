import type { ReadableWatch } from '@ifdepd/libc';
import type { LinkScope } from '../interest.ts';
import type { LinkRecord } from '../link.ts';
import type { LinkDecoder } from '../wire/link-decoder.ts';

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
