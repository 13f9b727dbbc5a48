import { DecodeError, linux, type NetlinkMessage, NetlinkSession, type SessionSink } from '@ifdepd/netlink';
import { IfInfoMessage } from './ifinfomsg.ts';
import type { LinkDecoder, LinkSink } from './link-decoder.ts';

const { rtm, socket, errno: errnos } = linux;

/** Decodes datagrams of an rtnetlink socket for links. */
export class RtnetlinkDecoder implements LinkDecoder {
  readonly #session = new NetlinkSession(linux.littleEndian);
  readonly #link = new IfInfoMessage();
  /** The sink of the current datagram. */
  #sink: LinkSink | undefined;
  readonly #found: SessionSink;

  constructor() {
    const sink = () => this.#sink as LinkSink;
    this.#found = {
      seen: () => sink().message(),
      message: (message, listed) => this.#message(message, listed, sink()),
      dumpEnd: (interrupted) => sink().listEnd(interrupted),
      dumpRefused: (errno) => sink().listRefused(errno),
      dumpBusy: () => sink().listBusy(),
      answer: (index, errno) => oneLinkAnswer(index, errno, sink()),
      lost: () => sink().lost(),
      bad: (error) => sink().bad(error),
    };
  }

  /**
   * Sets the nlmsg_seq of the request whose answer is the list.
   *
   * @param sequence default: the next one
   * @returns the nlmsg_seq
   */
  expect(sequence?: number): number {
    return this.#session.expectDump(sequence);
  }

  decode(bytes: Uint8Array, length: number, sink: LinkSink): void {
    this.#sink = sink;
    this.#session.decode(bytes, length, this.#found);
  }

  /**
   * A bridge reports its ports in RTM_NEWLINK and RTM_DELLINK of family AF_BRIDGE (net/bridge/br_netlink.c). A "deleted" port has left
   * the bridge and still exists. Only AF_UNSPEC is about the link itself.
   */
  #message(message: NetlinkMessage, listed: boolean, sink: LinkSink): void {
    const { type } = message;
    if (type !== rtm.RTM_NEWLINK && type !== rtm.RTM_DELLINK) {
      return;
    }
    const link = this.#link;
    link.readHeader(message);
    if (link.family !== socket.AF_UNSPEC) {
      return;
    }
    if (type === rtm.RTM_DELLINK) {
      sink.gone(link.index);
    } else if (listed || sink.wants(link.index)) {
      link.readAttributes();
      if (!link.wireless) {
        sink.link(link, listed);
      }
    }
  }
}

/** The answer to a request of one link, by its index or by a name (0). Mostly the link does not exist. */
function oneLinkAnswer(index: number, errno: number, sink: LinkSink): void {
  if (errno !== 0 && errno !== errnos.ENODEV) {
    sink.bad(new DecodeError(`link ${index} could not be read: errno ${errno}`, 0));
  } else if (errno !== 0 && index > 0) {
    sink.gone(index);
  }
}
