import { DecodeError } from '@ifdepd/netlink';
import type { RouteAbi } from '../abi/route-abi.ts';
import type { LinkDecoder, LinkSink } from '../backends/backend.ts';
import type { ReadCarrier } from '../backends/read-carrier.ts';
import type { LinkRecord } from '../link.ts';
import { Cursor } from './cursor.ts';
import { LinkNotes } from './link-notes.ts';
import { RouteLink } from './route-link.ts';
import { interfaceNameIn } from './sockaddr-dl.ts';
import { textAt } from './text-at.ts';

/** rtm_msglen, rtm_version and rtm_type. */
const SHORTEST_MESSAGE = 4;

/**
 * Decodes messages of a routing socket, and the list of interfaces that sysctl(3) gives.
 *
 * Messages name interfaces by number. What the numbers stand for is known from the last list and from what was
 * announced since; what a message leaves open makes {@link RouteDecoder.takeHint} say that a new list is needed.
 */
export class RouteDecoder implements LinkDecoder {
  readonly #abi: RouteAbi;
  readonly #link: RouteLink;
  readonly #notes: LinkNotes;
  readonly #readCarrier: ReadCarrier | null;
  #cursor: Cursor;

  /**
   * @param notes shared with whatever else decodes what the same watch reads
   * @param readCarrier asked about the link of each interface, where messages have no link state
   */
  constructor(abi: RouteAbi, notes = new LinkNotes(), readCarrier: ReadCarrier | null = null) {
    this.#abi = abi;
    this.#notes = notes;
    this.#readCarrier = readCarrier;
    this.#link = new RouteLink(abi);
    this.#cursor = new Cursor(new Uint8Array(), abi.littleEndian);
  }

  /** Whether something has changed that no message tells; false from then on, until the next such message. */
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
   * The answer to `interfaceList`: all interfaces, with their names. Its addresses are passed over.
   *
   * @throws {DecodeError} where it cannot be understood: an interface that is left out would count as gone
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
        throw new DecodeError(`a list in version ${version}, not ${rtm.RTM_VERSION}`, at);
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
      // An address that is added sets IFF_UP, which FreeBSD tells nobody: the flags have to be read again.
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

  /** An interface that is renamed departs and arrives, with the same index. */
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
    // An arrival says neither flags nor link; and a departure need not be the end: a list that was read since may
    // already have another interface under the number, which is used again at once.
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

  /** The driver's word goes before the last event's, which may have been followed by one that was lost. */
  #named(name: string): void {
    this.#link.name = name;
    if (this.#readCarrier !== null) {
      this.#link.setCarrier(this.#readCarrier(name) ?? this.#notes.carriers.get(this.#link.index) ?? null);
    }
  }

  /** The size of the message at `at`, or what is wrong with it: then nothing is known of what follows. */
  #sizeAt(cursor: Cursor, at: number, length: number): number | DecodeError {
    const left = length - at;
    cursor.limit(length);
    if (left < SHORTEST_MESSAGE) {
      return new DecodeError(`${left} bytes that are no message`, at);
    }
    const size = cursor.u16(at + this.#abi.rt_msghdr.rtm_msglen);
    return size < SHORTEST_MESSAGE || size > left
      ? new DecodeError(`a message of ${size} bytes where ${left} are left`, at)
      : size;
  }

  #cursorOn(bytes: Uint8Array): Cursor {
    if (this.#cursor.bytes !== bytes) {
      this.#cursor = new Cursor(bytes, this.#abi.littleEndian);
    }
    return this.#cursor;
  }
}
