import { callable, type Libc, loadLibc } from '@ifdepd/libc';
import { linux, type NetlinkSocket, openNetlinkSocket } from '@ifdepd/netlink';
import { openOnLinux } from './open-on-linux.ts';

const SUBJECT = 'rtnetlink sensor socket';

/** The kernel makes it the least it allows: one or two messages. What does not fit is dropped, and no loss. */
const RECEIVE_BUFFER_BYTES = 1;

/** More than the queue holds, and the overrun; the storm may go on meanwhile. */
const MOST_RECEIVES = 16;

/**
 * Reports that something happened to any link of the system, but not what: for a program that watches a few links and must
 * notice when the others are busy. It costs the process nothing between {@link LinkSensor.drain} and
 * {@link LinkSensor.arm}.
 */
export interface LinkSensor extends Disposable {
  /** Calls back once, in the event loop, when something has happened since the last {@link LinkSensor.drain}. */
  arm(callback: () => void): void;
  /** Whether something has happened since the last call, or since the sensor was opened. */
  drain(): boolean;
}

/**
 * Opens a sensor for the links of this thread's network namespace, and of other namespaces where the kernel allows it. Open it
 * before a watch: the kernel serves the younger socket first, so the sensor does not delay the watch.
 *
 * @param options - `libc`, by default this system's
 * @returns null on another system, and where the kernel refuses the socket
 */
export function openLinkSensor({ libc = loadLibc() }: { readonly libc?: Libc } = {}): LinkSensor | null {
  return openOnLinux('openLinkSensor', libc, openRtnetlinkSensor);
}

/** A netlink socket whose queue stays full: in a storm the kernel finds no room for further messages and wakes nobody. */
function openRtnetlinkSensor(libc: Libc): LinkSensor {
  const socket = openNetlinkSocket({
    libc,
    subject: SUBJECT,
    groups: [linux.rtnlgrp.RTNLGRP_LINK],
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
    // Other namespaces too, those that have a number here (a veth leads there). Takes CAP_NET_BROADCAST: without, not.
    wishes: [linux.socket.NETLINK_LISTEN_ALL_NSID],
  });
  return new RtnetlinkSensor(libc, socket);
}

class RtnetlinkSensor implements LinkSensor {
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  readonly #rest = new Uint8Array(16);
  #waiting: Disposable | null = null;

  constructor(libc: Libc, socket: NetlinkSocket) {
    this.#libc = libc;
    this.#socket = socket;
  }

  arm(callback: () => void): void {
    callable('arm: callback', callback);
    this.#disarm();
    this.#waiting = this.#socket.onReadable(() => {
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
