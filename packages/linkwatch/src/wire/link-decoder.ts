import type { LinkRecord } from '../link.ts';

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
