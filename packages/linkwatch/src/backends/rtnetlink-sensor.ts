import type { Libc, OwnedFd } from '@ifdepd/libc';
import { callable } from '@ifdepd/libc';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { LinkSensor } from '../link-sensor.ts';
import { openLinkSocket } from './netlink-socket.ts';

const SUBJECT = 'rtnetlink sensor socket';

/** The kernel makes it the least it allows: one or two messages. What does not fit is dropped, and no loss. */
const RECEIVE_BUFFER_BYTES = 1;

/** More than the queue holds, and the overrun; the storm may go on meanwhile. */
const MOST_RECEIVES = 16;

/**
 * A netlink socket whose queue is left full: in a storm the kernel finds no room for one message after the other, and
 * nobody is woken.
 *
 * @throws {SystemError} where there are no netlink sockets, or not for us
 */
export function openRtnetlinkSensor(libc: Libc, abi: NetlinkAbi): LinkSensor {
  const owned = openLinkSocket(libc, abi, {
    subject: SUBJECT,
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
    // Other namespaces too, those that have a number here (a veth leads there). Takes CAP_NET_BROADCAST: without, not.
    wish: abi.socket.NETLINK_LISTEN_ALL_NSID,
  });
  return new RtnetlinkSensor(libc, owned);
}

class RtnetlinkSensor implements LinkSensor {
  readonly #libc: Libc;
  readonly #socket: OwnedFd;
  readonly #rest = new Uint8Array(16);
  #waiting: Disposable | null = null;

  constructor(libc: Libc, socket: OwnedFd) {
    this.#libc = libc;
    this.#socket = socket;
  }

  arm(callback: () => void): void {
    callable('arm: callback', callback);
    this.#disarm();
    this.#waiting = this.#libc.readable(this.#socket.fd, () => {
      // Left unread, and so not looked at any more: it would be readable for ever.
      this.#disarm();
      callback();
    });
  }

  drain(): boolean {
    const { EAGAIN } = this.#libc.target.errnoOf;
    let found = false;
    for (let left = MOST_RECEIVES; left > 0; left -= 1) {
      if (this.#libc.recvfrom(this.#socket.fd, this.#rest, 0, null) === -EAGAIN) {
        break;
      }
      found = true;
    }
    return found;
  }

  #disarm(): void {
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = null;
  }

  [Symbol.dispose](): void {
    this.#disarm();
    this.#socket.close();
  }
}
