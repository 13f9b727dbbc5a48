import { nlmsg } from './abi/messages.ts';
import { errno as errnos } from './abi/socket.ts';
import { DecodeError } from './wire/format.ts';
import { someObjectGiven } from './wire/given.ts';
import { MessageWalk, type NetlinkMessage } from './wire/message-walk.ts';

/**
 * The sequence numbers of dumps are below it. Those of single requests have this bit, and a number of the caller's own in
 * the others: {@link SessionSink.answer} hands it back.
 */
export const SINGLE_REQUEST = 0x8000_0000;

/** Takes what a session finds in a datagram, in the order of the bytes. A {@link DecodeError} that it throws becomes `bad`. */
export interface SessionSink {
  /** One more message was looked at, whatever it is. */
  seen(): void;
  /**
   * A message that is no control message. Valid during the call.
   *
   * @param listed it is a part of the dump that was asked for. Otherwise it is a notification, or the answer to the single
   *   request whose sequence number is `message.sequence`
   */
  message(message: NetlinkMessage, listed: boolean): void;
  /** The dump is complete. `interrupted`: what it lists has changed meanwhile, and it may have holes. */
  dumpEnd(interrupted: boolean): void;
  /** The dump was refused, or failed half-way, with this positive errno. */
  dumpRefused(errno: number): void;
  /** The dump was refused as an earlier one is still on its way: `dumpEnd(true)` follows where that one ends. */
  dumpBusy(): void;
  /** A single request was acknowledged (0), or refused with this positive errno. */
  answer(tag: number, errno: number): void;
  /** The kernel reports, in a message, that messages were lost. */
  lost(): void;
  /** Bytes that could not be understood. */
  bad(error: DecodeError): void;
}

const CALLS = ['seen', 'message', 'dumpEnd', 'dumpRefused', 'dumpBusy', 'answer', 'lost', 'bad'] as const;

/**
 * The protocol of a netlink socket without the socket, a clock or a loop. It follows one dump at a time, as the kernel does, and
 * tells its parts from notifications, from acknowledgements and from answers to other requests. It allocates nothing for a
 * message.
 */
export class NetlinkSession {
  readonly #walk: MessageWalk;
  #dump = 0;
  #dumping = false;
  #interrupted = false;
  #busy = false;
  /** The port of the socket; 0 until the kernel has named it. */
  #port = 0;
  #incomplete = true;
  #missed = false;

  constructor(littleEndian: boolean) {
    this.#walk = new MessageWalk(littleEndian);
  }

  /** Whether a dump was asked for and has not ended. */
  get dumping(): boolean {
    return this.#dumping;
  }

  /** Whether another dump is needed: none was complete yet, or something was missed since the last one was asked for. */
  get stale(): boolean {
    return this.#incomplete || this.#missed;
  }

  /**
   * From now on the answer to the request with this sequence number is the dump. An earlier one that has not ended is not
   * waited for any more.
   *
   * @param sequence Default: the next one
   * @returns the sequence number
   */
  expectDump(sequence = (this.#dump + 1) % SINGLE_REQUEST): number {
    this.#dump = sequence;
    this.#dumping = true;
    this.#interrupted = false;
    this.#busy = false;
    this.#missed = false;
    return sequence;
  }

  /** Call it when something was not received: the socket has overrun, or a datagram did not fit the buffer. */
  missed(): void {
    this.#missed = true;
  }

  /**
   * Reads a datagram.
   *
   * @param length bytes of it: what lies behind belongs to an earlier one
   */
  decode(bytes: Uint8Array, length: number, sink: SessionSink): void {
    const walk = this.#walk;
    walk.enter(bytes, length);
    sinkGiven(sink);
    for (let more = true; more; ) {
      try {
        more = walk.next();
      } catch (error) {
        this.#bad(error, sink);
        return;
      }
      if (more) {
        sink.seen();
        try {
          this.#message(walk, sink);
        } catch (error) {
          this.#bad(error, sink);
        }
      }
    }
  }

  #message(message: NetlinkMessage, sink: SessionSink): void {
    const multi = (message.flags & nlmsg.NLM_F_MULTI) !== 0;
    // A notification carries the sequence number of the program that made the change. Only NLM_F_MULTI marks a part of a dump.
    const ours = multi && this.#isOurs(message);
    if (ours && (message.flags & nlmsg.NLM_F_DUMP_INTR) !== 0) {
      this.#interrupted = true;
    }
    switch (message.type) {
      case nlmsg.NLMSG_NOOP:
        break;
      case nlmsg.NLMSG_DONE:
        this.#done(message, ours, sink);
        break;
      case nlmsg.NLMSG_ERROR:
        this.#error(message, sink);
        break;
      case nlmsg.NLMSG_OVERRUN:
        this.#missed = true;
        sink.lost();
        break;
      default:
        if (ours || !multi) {
          sink.message(message, ours);
        }
    }
  }

  #isOurs({ sequence, port }: NetlinkMessage): boolean {
    return this.#dumping && sequence === this.#dump && (this.#port === 0 || port === this.#port);
  }

  /** NLMSG_DONE carries the errno of a dump that failed half-way (netlink_dump_done() in net/netlink/af_netlink.c). */
  #done(message: NetlinkMessage, ours: boolean, sink: SessionSink): void {
    const errno = message.end - message.payload >= 4 ? errnoIn(message) : 0;
    if (ours) {
      this.#port = message.port;
      this.#dumping = false;
    }
    if (ours && errno > 0) {
      sink.dumpRefused(errno);
    } else if (ours) {
      this.#incomplete = this.#interrupted;
      sink.dumpEnd(this.#interrupted);
    } else if (this.#busy) {
      // The end of the earlier dump that was in the way: nothing of ours was in it.
      this.#busy = false;
      this.#dumping = false;
      sink.dumpEnd(true);
    }
  }

  #error(message: NetlinkMessage, sink: SessionSink): void {
    if (message.end - message.payload < 4) {
      throw new DecodeError('an error message without an error', message.payload);
    }
    // Only ever sent to the socket that asked.
    this.#port = message.port;
    const errno = errnoIn(message);
    if (message.sequence >= SINGLE_REQUEST) {
      sink.answer(message.sequence - SINGLE_REQUEST, errno);
    } else if (errno !== 0 && this.#isOurs(message)) {
      this.#refused(errno, sink);
    }
  }

  #refused(errno: number, sink: SessionSink): void {
    if (errno === errnos.EBUSY) {
      this.#busy = true;
      this.#missed = true;
      sink.dumpBusy();
    } else {
      this.#dumping = false;
      sink.dumpRefused(errno);
    }
  }

  #bad(error: unknown, sink: SessionSink): void {
    if (!(error instanceof DecodeError)) {
      throw error;
    }
    this.#missed = true;
    sink.bad(error);
  }
}

/** @throws {TypeError} where it is no {@link SessionSink} */
function sinkGiven(sink: SessionSink): void {
  someObjectGiven('NetlinkSession.decode: sink', sink);
  for (const name of CALLS) {
    if (typeof sink[name] !== 'function') {
      throw new TypeError(`NetlinkSession.decode: sink must have a function '${name}', not ${sink[name]}`);
    }
  }
}

/** `struct nlmsgerr` begins with an errno, negated; so does the payload of NLMSG_DONE. */
function errnoIn({ view, payload, littleEndian }: NetlinkMessage): number {
  return 0 - view.getInt32(payload, littleEndian);
}
