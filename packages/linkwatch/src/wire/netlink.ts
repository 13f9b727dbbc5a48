import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { LinkDecoder, LinkSink } from '../backends/backend.ts';
import { Cursor, DecodeError } from './cursor.ts';
import { IfInfoMessage } from './ifinfomsg.ts';

/** struct nlmsghdr, linux/netlink.h. */
const NLMSG_LEN = 0;
const NLMSG_TYPE = 4;
const NLMSG_FLAGS = 6;
const NLMSG_SEQ = 8;

/**
 * Sequence numbers of requests for one link have this bit, and its index in the others; 0 for a link by name. Those of
 * requests for all links do not have it.
 */
export const ONE_LINK = 0x8000_0000;

/** Decodes datagrams of an rtnetlink socket that listens to links. */
export class RtnetlinkDecoder implements LinkDecoder {
  readonly #abi: NetlinkAbi;
  readonly #link: IfInfoMessage;
  #cursor: Cursor;
  #sequence = 0;
  #interrupted = false;
  #busy = false;

  constructor(abi: NetlinkAbi) {
    this.#abi = abi;
    this.#link = new IfInfoMessage(abi);
    this.#cursor = new Cursor(new Uint8Array(), abi.littleEndian);
  }

  /** From now on the answer to the request with this nlmsg_seq is the list. */
  expect(sequence: number): void {
    this.#sequence = sequence;
    this.#interrupted = false;
    this.#busy = false;
  }

  decode(bytes: Uint8Array, length: number, sink: LinkSink): void {
    const cursor = this.#cursorOn(bytes, length);
    const { NLMSG_HDRLEN } = this.#abi.nlmsg;
    for (let at = 0; length - at >= NLMSG_HDRLEN; ) {
      const size = cursor.u32(at + NLMSG_LEN);
      if (size < NLMSG_HDRLEN || size > length - at) {
        sink.bad(new DecodeError(`a message of ${size} bytes where ${length - at} are left`, at));
        return;
      }
      sink.message();
      try {
        this.#message(cursor, at, at + size, sink);
      } catch (error) {
        if (!(error instanceof DecodeError)) {
          throw error;
        }
        sink.bad(error);
      }
      at += this.#align(size);
    }
  }

  #message(cursor: Cursor, at: number, end: number, sink: LinkSink): void {
    const { nlmsg, rtm } = this.#abi;
    const type = cursor.u16(at + NLMSG_TYPE);
    const flags = cursor.u16(at + NLMSG_FLAGS);
    const payload = at + nlmsg.NLMSG_HDRLEN;
    // Notifications carry the sequence of whoever made the change: only NLM_F_MULTI tells that it is our list.
    const multi = (flags & nlmsg.NLM_F_MULTI) !== 0;
    const ours = multi && cursor.u32(at + NLMSG_SEQ) === this.#sequence;
    if (ours && (flags & nlmsg.NLM_F_DUMP_INTR) !== 0) {
      this.#interrupted = true;
    }
    switch (type) {
      case rtm.RTM_NEWLINK:
        if (ours || !multi) {
          this.#newLink(cursor, payload, end, ours, sink);
        }
        break;
      case rtm.RTM_DELLINK:
        this.#link.readHeader(cursor, payload, end);
        if (this.#link.family === this.#abi.socket.AF_UNSPEC) {
          sink.gone(this.#link.index);
        }
        break;
      case nlmsg.NLMSG_DONE:
        this.#done(cursor, payload, end, ours, sink);
        break;
      case nlmsg.NLMSG_ERROR:
        this.#error(cursor, at, end, sink);
        break;
      case nlmsg.NLMSG_OVERRUN:
        sink.lost();
        break;
      default:
    }
  }

  /**
   * A bridge tells about its ports in RTM_NEWLINK and RTM_DELLINK of family AF_BRIDGE (net/bridge/br_netlink.c): a
   * "deleted" one has left the bridge and exists all the same. Only AF_UNSPEC is about the link itself.
   */
  #newLink(cursor: Cursor, payload: number, end: number, listed: boolean, sink: LinkSink): void {
    this.#link.readHeader(cursor, payload, end);
    if (this.#link.family !== this.#abi.socket.AF_UNSPEC) {
      return;
    }
    if (!listed && !sink.wants(this.#link.index)) {
      return;
    }
    this.#link.readAttributes();
    if (!this.#link.wireless) {
      sink.link(this.#link, listed);
    }
  }

  /** NLMSG_DONE carries the errno of a list that failed half-way (netlink_dump_done() in net/netlink/af_netlink.c). */
  #done(cursor: Cursor, payload: number, end: number, ours: boolean, sink: LinkSink): void {
    const errno = end - payload >= 4 ? -cursor.i32(payload) : 0;
    if (ours && errno > 0) {
      sink.listRefused(errno);
    } else if (ours) {
      sink.listEnd(this.#interrupted);
    } else if (this.#busy) {
      // The end of the earlier list that was in the way: nothing of ours was in it.
      this.#busy = false;
      sink.listEnd(true);
    }
  }

  #error(cursor: Cursor, at: number, end: number, sink: LinkSink): void {
    const payload = at + this.#abi.nlmsg.NLMSG_HDRLEN;
    if (end - payload < 4) {
      throw new DecodeError('an error message without an error', payload);
    }
    const errno = -cursor.i32(payload);
    const sequence = cursor.u32(at + NLMSG_SEQ);
    if (errno !== 0 && sequence >= ONE_LINK) {
      this.#oneLinkError(at, errno, sequence - ONE_LINK, sink);
      return;
    }
    if (errno === 0 || sequence !== this.#sequence) {
      return;
    }
    if (errno === this.#abi.errno.EBUSY) {
      this.#busy = true;
      sink.listBusy();
    } else {
      sink.listRefused(errno);
    }
  }

  /** The answer to a request for one link, by its index, or by a name (0): mostly that there is none. */
  #oneLinkError(at: number, errno: number, index: number, sink: LinkSink): void {
    if (errno !== this.#abi.errno.ENODEV) {
      sink.bad(new DecodeError(`link ${index} could not be read: errno ${errno}`, at));
    } else if (index > 0) {
      sink.gone(index);
    }
  }

  #cursorOn(bytes: Uint8Array, length: number): Cursor {
    if (this.#cursor.bytes !== bytes) {
      this.#cursor = new Cursor(bytes, this.#abi.littleEndian);
    }
    this.#cursor.limit(length);
    return this.#cursor;
  }

  #align(size: number): number {
    const to = this.#abi.nlmsg.NLMSG_ALIGNTO;
    return Math.ceil(size / to) * to;
  }
}
