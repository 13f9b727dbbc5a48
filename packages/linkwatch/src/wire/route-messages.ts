import { DecodeError } from '@ifdepd/netlink';
import type { RouteAbi } from '../abi/route-abi.ts';
import type { LinkRecord } from '../link.ts';
import { Cursor } from './cursor.ts';
import type { LinkDecoder, LinkSink } from './link-decoder.ts';
import { LinkNotes } from './link-notes.ts';
import { RouteLink } from './route-link.ts';
import { interfaceNameIn } from './sockaddr-dl.ts';
import { textAt } from './text-at.ts';

/** Asks the driver of an interface for its carrier; null when the driver does not know it, or has no media. */
export type ReadCarrier = (name: string) => boolean | null;

/** rtm_msglen, rtm_version and rtm_type. */
const SHORTEST_MESSAGE = 4;

/**
 * Decodes messages of a routing socket, and the list of interfaces from sysctl(3).
 *
 * Messages have the index of an interface. The last list and later announcements give the names. When a message is not enough,
 * {@link RouteDecoder.takeHint} reports that a new list is needed.
 */
export class RouteDecoder implements LinkDecoder {
  readonly #abi: RouteAbi;
  readonly #link: RouteLink;
  readonly #notes: LinkNotes;
  readonly #readCarrier: ReadCarrier | null;
  #cursor: Cursor;

  /**
   * @param notes shared with the other decoder of the same watch
   * @param readCarrier reads the carrier of an interface, when messages have no link state
   */
  constructor(abi: RouteAbi, notes = new LinkNotes(), readCarrier: ReadCarrier | null = null) {
    this.#abi = abi;
    this.#notes = notes;
    this.#readCarrier = readCarrier;
    this.#link = new RouteLink(abi);
    this.#cursor = new Cursor(new Uint8Array(), abi.littleEndian);
  }

  /** Whether a new list is needed. Clears that. */
  takeHint(): boolean {
    const { hint } = this.#notes;
    this.#notes.hint = false;
    return hint;
  }

  decode(bytes: Uint8Array, length: number, sink: LinkSink): void {
    const cursor = this.#cursorOn(bytes);
    for (let at = 0; at < length; ) {
      const size = this.#sizeAt(cursor, at, length);
      if (size instanceof DecodeError) {
        sink.bad(size);
        return;
      }
      sink.message();
      cursor.limit(at + size);
      try {
        this.#message(cursor, at, sink);
      } catch (error) {
        if (!(error instanceof DecodeError)) {
          throw error;
        }
        sink.bad(error);
      }
      at += size;
    }
  }

  /**
   * Decodes the list of all interfaces with their names. Skips its addresses.
   *
   * @throws {DecodeError} when any part cannot be decoded, because a missing interface would count as deleted
   */
  list(bytes: Uint8Array, length: number): LinkRecord[] {
    const { rt_msghdr, rtm } = this.#abi;
    const cursor = this.#cursorOn(bytes);
    const links: LinkRecord[] = [];
    for (let at = 0; at < length; ) {
      const size = this.#sizeAt(cursor, at, length);
      if (size instanceof DecodeError) {
        throw size;
      }
      cursor.limit(at + size);
      const version = cursor.u8(at + rt_msghdr.rtm_version);
      if (version !== rtm.RTM_VERSION) {
        throw new DecodeError(`a list in version ${version} instead of ${rtm.RTM_VERSION}`, at);
      }
      if (cursor.u8(at + rt_msghdr.rtm_type) === rtm.RTM_IFINFO) {
        links.push(this.#listed(cursor, at, at + size));
      }
      at += size;
    }
    this.#notes.replace(links);
    return links;
  }

  #message(cursor: Cursor, at: number, sink: LinkSink): void {
    const { rt_msghdr, rtm } = this.#abi;
    if (cursor.u8(at + rt_msghdr.rtm_version) !== rtm.RTM_VERSION) {
      return;
    }
    switch (cursor.u8(at + rt_msghdr.rtm_type)) {
      case rtm.RTM_IFINFO:
        this.#info(cursor, at, sink);
        break;
      case rtm.RTM_IFANNOUNCE:
        this.#announcement(cursor, at, sink);
        break;
      // A new address sets IFF_UP, which no message of FreeBSD reports. So the flags must be read again.
      case rtm.RTM_NEWADDR:
      case rtm.RTM_DELADDR:
      case rtm.RTM_NEWMADDR:
        this.#notes.hint = true;
        sink.touched(cursor.u16(at + this.#abi.ifa_msghdr.ifam_index));
        break;
      case rtm.RTM_DESYNC:
        sink.lost();
        break;
      default:
    }
  }

  #info(cursor: Cursor, at: number, sink: LinkSink): void {
    this.#link.read(cursor, at);
    const name = this.#notes.names.get(this.#link.index);
    if (name === undefined) {
      this.#notes.hint = true;
      return;
    }
    this.#named(name);
    sink.link(this.#link, false);
  }

  /** A renamed interface departs and arrives with the same index. */
  #announcement(cursor: Cursor, at: number, sink: LinkSink): void {
    const { if_announcemsghdr, IFNAMSIZ } = this.#abi;
    if (if_announcemsghdr === null) {
      return;
    }
    const { ifan_index, ifan_name, ifan_what, IFAN_ARRIVAL, IFAN_DEPARTURE } = if_announcemsghdr;
    const index = cursor.u16(at + ifan_index);
    const what = cursor.u16(at + ifan_what);
    const name = textAt(cursor, at + ifan_name, IFNAMSIZ);
    const known = this.#notes.names.get(index);
    // An arrival has neither flags nor a link. After a departure, a list that was read since may have another interface
    // with the index, which is reused at once.
    this.#notes.hint = true;
    const departed = what === IFAN_DEPARTURE && known === name;
    const replaced = what === IFAN_ARRIVAL && known !== undefined && known !== name;
    if (departed || replaced) {
      this.#notes.forget(index);
      sink.gone(index);
    }
  }

  #listed(cursor: Cursor, at: number, end: number): LinkRecord {
    const { ifm_addrs, addresses } = this.#abi.if_msghdr;
    const { base, plus } = addresses;
    this.#link.read(cursor, at);
    const start = at + base + (plus === null ? 0 : cursor.u16(at + plus));
    const name = interfaceNameIn(cursor, start, end, cursor.u32(at + ifm_addrs), this.#abi);
    if (name === null) {
      throw new DecodeError(`interface ${this.#link.index} is listed without a name`, at);
    }
    this.#named(name);
    return this.#link.toRecord();
  }

  /** Prefers the driver's carrier to that of the last event, after which another event may have been lost. */
  #named(name: string): void {
    this.#link.name = name;
    if (this.#readCarrier !== null) {
      this.#link.setCarrier(this.#readCarrier(name) ?? this.#notes.carriers.get(this.#link.index) ?? null);
    }
  }

  /** The size of the message at an offset, or an error: then the messages behind it cannot be found. */
  #sizeAt(cursor: Cursor, at: number, length: number): number | DecodeError {
    const left = length - at;
    cursor.limit(length);
    if (left < SHORTEST_MESSAGE) {
      return new DecodeError(`a rest of ${left} bytes, which is no message`, at);
    }
    const size = cursor.u16(at + this.#abi.rt_msghdr.rtm_msglen);
    return size < SHORTEST_MESSAGE || size > left
      ? new DecodeError(`a message of ${size} bytes with ${left} left`, at)
      : size;
  }

  #cursorOn(bytes: Uint8Array): Cursor {
    if (this.#cursor.bytes !== bytes) {
      this.#cursor = new Cursor(bytes, this.#abi.littleEndian);
    }
    return this.#cursor;
  }
}
