import { callable, type Libc, loadLibc, objectWith } from '@ifdepd/libc';
import { linux, type NetlinkSocket, openNetlinkSocket } from '@ifdepd/netlink';
import { openOnLinux } from './open-on-linux.ts';

const SUBJECT = 'rtnetlink sensor socket';

/** The kernel raises this to its minimum, one or two messages. It drops further messages, which does no harm. */
const RECEIVE_BUFFER_BYTES = 1;

/** More receives than the queue holds messages, with one for the overrun. More messages may come meanwhile. */
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
export function openLinkSensor(options: { readonly libc?: Libc } = {}): LinkSensor | null {
  objectWith('openLinkSensor: options', options);
  const { libc = loadLibc() } = options;
  return openOnLinux('openLinkSensor', libc, openRtnetlinkSensor);
}

/** A netlink socket whose queue stays full: in a storm the kernel finds no room for further messages, and wakes no process. */
function openRtnetlinkSensor(libc: Libc): LinkSensor {
  const socket = openNetlinkSocket({
    libc,
    subject: SUBJECT,
    groups: [linux.rtnlgrp.RTNLGRP_LINK],
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
    // Also reports links of other namespaces that have a number here (the peer of a veth). Needs CAP_NET_BROADCAST.
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
      // The messages stay unread, so the socket would stay readable: stop watching it.
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
