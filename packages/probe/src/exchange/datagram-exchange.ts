import type { Libc, OwnedFd } from '@ifdepd/libc';
import type { IpAddress } from '../target/ip-address.ts';
import type { Exchange, Outcome, Settle } from './exchange.ts';
import { failedCall, failureOf } from './failure-of.ts';
import type { HostName } from './host-name.ts';

/** A socket to one address, and what is said over it. */
export interface OpenDatagram {
  readonly socket: OwnedFd;
  /** Where requests go; null where the socket is connected. */
  readonly to: Uint8Array | null;
  /** The next request. */
  request(): Uint8Array;
  /** Whether a datagram answers the last request. @param from struct sockaddr of its sender */
  isAnswer(bytes: Uint8Array, from: Uint8Array): boolean;
  /** What an answer says. */
  verdictOf(bytes: Uint8Array): Outcome;
  /** Who is asked, for error messages. */
  readonly subject: string;
}

/** The longest answer that anything is read of, in bytes. */
const ANSWER_BYTES = 1500;

/** Receives of one wake-up: the event loop calls again where there is more, and others have their turn in a flood. */
const MOST_RECEIVES = 100;

/** struct sockaddr_storage. */
const ADDRESS_BYTES = 128;

/** One request, one answer: over a socket that stays open while answers come. */
export class DatagramExchange implements Exchange {
  readonly #libc: Libc;
  readonly #name: HostName;
  readonly #settle: Settle;
  readonly #openTo: (address: IpAddress) => OpenDatagram;
  readonly #bytes = new Uint8Array(ANSWER_BYTES);
  readonly #from = new Uint8Array(ADDRESS_BYTES);
  #open: OpenDatagram | null = null;
  #watch: Disposable | null = null;
  /** Counts probes, so that the answer of the DNS to an old one starts nothing. */
  #round = 0;
  #waiting = false;

  /** @param openTo may throw what the system says */
  constructor(libc: Libc, name: HostName, settle: Settle, openTo: (address: IpAddress) => OpenDatagram) {
    this.#libc = libc;
    this.#name = name;
    this.#settle = settle;
    this.#openTo = openTo;
  }

  start(): void {
    this.#round += 1;
    this.#waiting = true;
    if (this.#open !== null) {
      this.#send(this.#open);
      return;
    }
    const round = this.#round;
    const current = () => round === this.#round && this.#waiting;
    this.#name.resolve(
      (address) => current() && this.#openAndSend(address),
      (failure) => current() && this.#end(failure),
    );
  }

  giveUp(): void {
    this.#waiting = false;
    this.#close();
  }

  [Symbol.dispose](): void {
    this.giveUp();
  }

  #openAndSend(address: IpAddress): void {
    try {
      this.#open = this.#openTo(address);
      this.#watch = this.#libc.readable(this.#open.socket.fd, () => this.#read());
    } catch (error) {
      this.#end(failureOf(error));
      return;
    }
    this.#send(this.#open);
  }

  #send({ socket, request, to, subject }: OpenDatagram): void {
    const sent = this.#libc.sendto(socket.fd, request(), 0, to);
    if (sent < 0) {
      this.#end(failedCall(this.#libc.target, sent, 'sendto', subject));
    }
  }

  #read(): void {
    const { errnoOf } = this.#libc.target;
    for (let left = MOST_RECEIVES; left > 0; left -= 1) {
      const open = this.#open;
      if (open === null) {
        return;
      }
      const size = this.#libc.recvfrom(open.socket.fd, this.#bytes, 0, this.#from);
      if (size === -errnoOf.EAGAIN) {
        return;
      }
      if (size === -errnoOf.EINTR) {
        continue;
      }
      if (size < 0) {
        this.#failToRead(open, size);
        return;
      }
      const bytes = this.#bytes.subarray(0, size);
      if (this.#waiting && open.isAnswer(bytes, this.#from)) {
        this.#end(open.verdictOf(bytes));
        // The event loop calls again where there is more: mostly there is not, and a call finds that out.
        return;
      }
    }
  }

  /** The kernel reports what routers say (ICMP errors), or that the interface went down. */
  #failToRead({ subject }: OpenDatagram, size: number): void {
    if (this.#waiting) {
      this.#end(failedCall(this.#libc.target, size, 'recvfrom', subject));
    } else {
      this.#close();
    }
  }

  /** A failure closes the socket: the next probe asks the kernel anew for route and source. */
  #end(outcome: Outcome): void {
    this.#waiting = false;
    if (outcome.type !== 'answered') {
      this.#close();
    }
    this.#settle(outcome);
  }

  #close(): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = null;
    this.#open?.socket.close();
    this.#open = null;
    this.#name.forget();
  }
}
