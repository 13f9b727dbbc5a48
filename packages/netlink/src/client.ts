import { callable, type Libc, loadLibc, must, SystemError } from '@ifdepd/libc';
import { linux } from './abi/linux.ts';
import { NetlinkSession, type SessionSink, SINGLE_REQUEST } from './session.ts';
import type { NetlinkSocket } from './socket/netlink-socket.ts';
import { type NetlinkSocketOptions, openNetlinkSocket } from './socket/open-netlink-socket.ts';
import { Encoder } from './wire/encoder.ts';
import { objectGiven } from './wire/given.ts';
import { payloadOf } from './wire/message-walk.ts';

/** What is asked of the kernel. */
export interface NetlinkRequest {
  /** RTM_GETLINK and its like, or the id of a generic netlink family. */
  readonly type: number;
  /** The message after its `struct nlmsghdr`. */
  readonly payload: Uint8Array;
  /** NLM_F_* besides NLM_F_REQUEST and those that the call adds. Default: none. */
  readonly flags?: number;
  /** The request in an error: `RTM_GETLINK`. */
  readonly name: string;
  /** What it is about, in an error: the name of an interface. Default: `netlink`. */
  readonly subject?: string;
}

/** How to open a {@link NetlinkClient}. */
export type NetlinkClientOptions = Pick<
  NetlinkSocketOptions,
  'libc' | 'protocol' | 'subject' | 'bufferBytes'
>;

/** How often a request is made whose answer was not received whole. */
const MOST_ATTEMPTS = 4;

/** Failures to receive after which an attempt ends: the kernel reports an overrun once, and then there is something to read. */
const MOST_MISSED = 4;

/** What a call does not look at. */
const IGNORING: SessionSink = {
  seen: () => undefined,
  message: () => undefined,
  dumpEnd: () => undefined,
  dumpRefused: () => undefined,
  dumpBusy: () => undefined,
  answer: () => undefined,
  lost: () => undefined,
  bad: () => undefined,
};

/**
 * Asks the kernel one thing after another. Each call returns with the answer: netlink has it ready when the request was sent.
 * The socket is in no group, and receives nothing else.
 *
 * @example
 * ```ts
 * import { linux, NetlinkClient, SystemError } from '@ifdepd/netlink';
 * import { refusal, scriptedNetlink } from '@ifdepd/netlink/testing';
 *
 * // Without `libc`, it asks the kernel of this system.
 * const libc = scriptedNetlink(({ sequence }) => [refusal(sequence, 19)]);
 * using client = new NetlinkClient({ libc });
 * try {
 *   client.set({ type: linux.rtm.RTM_DELLINK, name: 'RTM_DELLINK', subject: 'eth9', payload: new Uint8Array(16) });
 * } catch (error) {
 *   console.log(error instanceof SystemError && error.message); // eth9: no such device (RTM_DELLINK: ENODEV)
 * }
 * ```
 */
export class NetlinkClient implements Disposable {
  /** Makes the payloads of requests. */
  readonly encoder: Encoder = new Encoder(linux.littleEndian);
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  readonly #session = new NetlinkSession(linux.littleEndian);
  #tag = 0;

  /** @throws {SystemError} where the kernel refuses the socket */
  constructor(given: NetlinkClientOptions = {}) {
    objectGiven('NetlinkClient: options', given);
    const { libc = loadLibc(), ...options } = given;
    this.#libc = libc;
    this.#socket = openNetlinkSocket({ ...options, libc });
  }

  /**
   * Asks for one thing.
   *
   * @returns the payload of the answer, valid until the next call
   * @throws {SystemError} where the kernel refuses the request
   */
  get(request: NetlinkRequest): Uint8Array {
    return this.#single(request, 0);
  }

  /**
   * Changes something.
   *
   * @throws {SystemError} where the kernel refuses the request
   */
  set(request: NetlinkRequest): void {
    this.#single(request, linux.nlmsg.NLM_F_ACK);
  }

  /**
   * Asks for a list. One that changed while it was read, or was not received whole, is asked for again, four times at most;
   * the last one is taken as it is.
   *
   * @param take is called with the payload of each message; its bytes are overwritten later
   * @param restart is called where the list begins anew: what was taken is void
   * @returns whether the last list is whole
   * @throws {SystemError} where the kernel refuses the request, or does not end the list
   */
  dump(request: NetlinkRequest, take: (payload: Uint8Array) => void, restart: () => void): boolean {
    callable('NetlinkClient.dump: take', take);
    callable('NetlinkClient.dump: restart', restart);
    for (let left = MOST_ATTEMPTS - 1; ; left -= 1) {
      this.#list(request, take, left === 0);
      if (left === 0 || !this.#session.stale) {
        return !this.#session.stale;
      }
      restart();
    }
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @param last whether a list without an end is an error */
  #list(request: NetlinkRequest, take: (payload: Uint8Array) => void, last: boolean): void {
    const session = this.#session;
    this.#send(request, linux.nlmsg.NLM_F_DUMP, session.expectDump());
    this.#receive(() => !session.dumping, {
      message: (message, listed) => {
        if (listed) {
          take(payloadOf(message));
        }
      },
      dumpRefused: (errno) => {
        throw this.#error(request, errno);
      },
    });
    if (session.dumping && (last || !session.stale)) {
      throw this.#error(request, this.#libc.target.errnoOf.EAGAIN);
    }
  }

  #single(request: NetlinkRequest, flags: number): Uint8Array {
    for (let left = MOST_ATTEMPTS - 1; ; left -= 1) {
      this.#tag = (this.#tag + 1) % SINGLE_REQUEST;
      const answer = this.#exchange(request, flags, this.#tag);
      if (answer !== null) {
        return answer;
      }
      if (left === 0) {
        throw this.#error(request, this.#libc.target.errnoOf.EAGAIN);
      }
    }
  }

  /** @returns null where the answer was lost */
  #exchange(request: NetlinkRequest, flags: number, tag: number): Uint8Array | null {
    const found: { answer: Uint8Array | null } = { answer: null };
    this.#send(request, flags, SINGLE_REQUEST + tag);
    const missed = this.#receive(() => found.answer !== null, {
      message: (message) => {
        if (message.sequence === SINGLE_REQUEST + tag) {
          found.answer = payloadOf(message);
        }
      },
      answer: (of, errno) => {
        if (of !== tag) {
          return;
        }
        if (errno !== 0) {
          throw this.#error(request, errno);
        }
        found.answer = new Uint8Array();
      },
    });
    if (found.answer === null && !missed) {
      throw this.#error(request, this.#libc.target.errnoOf.EAGAIN);
    }
    return found.answer;
  }

  #send(request: NetlinkRequest, flags: number, sequence: number): void {
    objectGiven('NetlinkClient: request', request, 'type', 'payload');
    const header = {
      type: request.type,
      flags: linux.nlmsg.NLM_F_REQUEST | (request.flags ?? 0) | flags,
      sequence,
    };
    const sent = this.#socket.send(this.encoder.message(header, request.payload));
    must(this.#libc, sent, request.name, subjectOf(request));
  }

  /** Reads until there is an end, or nothing more. @returns whether something was lost on the way */
  #receive(ended: () => boolean, sink: Partial<SessionSink>): boolean {
    const all: SessionSink = { ...IGNORING, ...sink };
    let missed = 0;
    while (!ended() && missed < MOST_MISSED) {
      const received = this.#socket.receive();
      if (received.type === 'nothing') {
        break;
      }
      if (received.type === 'bytes') {
        this.#session.decode(received.bytes, received.length, all);
      } else if (received.type !== 'foreign') {
        this.#session.missed();
        missed += 1;
      }
    }
    return missed > 0;
  }

  #error(request: NetlinkRequest, errno: number): SystemError {
    return new SystemError(this.#libc.target, errno, request.name, subjectOf(request));
  }
}

function subjectOf({ subject = 'netlink' }: NetlinkRequest): string {
  return subject;
}
