import { type Libc, list, loadLibc, must, objectWith, type Result, wholeNumber } from '@ifdepd/libc';
import { linux, type NetlinkSocket, netlinkAddress, openNetlinkSocket } from '@ifdepd/netlink';
import { health, type LinkHealth } from '../health.ts';
import { lossFilter, MOST_LOSS_INDICES } from '../wire/loss-filter.ts';
import { IFI_FLAGS, IFI_INDEX, NLMSG_TYPE } from '../wire/offsets.ts';
import { openOnLinux } from './open-on-linux.ts';

const SUBJECT = 'rtnetlink socket of losses';

/** Room for some fifty losses. The other sockets still report one that does not fit. */
const RECEIVE_BUFFER_BYTES = 128 * 1024;

const [MISSING, ADMIN_DOWN, NO_CARRIER] = [
  health(undefined),
  { health: 'failed', reason: 'admin down' },
  { health: 'failed', reason: 'no carrier' },
] as const;

/** The loss of a link, as a message reports it. */
export interface Loss {
  /** The index of the link. */
  readonly index: number;
  /** The short form: a full message about the same link may know more. */
  readonly health: LinkHealth;
}

/** A socket whose queue holds nothing but losses of certain links, so that a call which waits on it need not look at them. */
export interface LossSocket extends Disposable {
  /** Blocks: for a call that waits, such as one of io_uring(7). */
  readonly fd: number;
  /** Queues the losses of these links from now on, and no others. Queues none where it fails. */
  narrow(indices: readonly number[]): Result;
  /** Discards what is in the queue. */
  drain(): void;
  /** Decodes a received message; null where it reports no loss. */
  read(message: Uint8Array): Loss | null;
}

/**
 * Opens a socket for the losses of links of this thread's network namespace. It queues none until
 * {@link LossSocket.narrow} names them.
 *
 * @param options - `libc`, by default this system's
 * @returns null on another system, and where the kernel refuses the socket
 */
export function openLossSocket(options: { readonly libc?: Libc } = {}): LossSocket | null {
  objectWith('openLossSocket: options', options);
  const { libc = loadLibc() } = options;
  return openOnLinux('openLossSocket', libc, openRtnetlinkLosses);
}

function openRtnetlinkLosses(libc: Libc): LossSocket {
  const socket = openNetlinkSocket({
    libc,
    subject: SUBJECT,
    groups: [linux.rtnlgrp.RTNLGRP_LINK],
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
    blocks: true,
    program: lossFilter([]),
  });
  try {
    // A received message is acted on before its sender can be checked. So the socket is connected to the kernel, which then
    // refuses messages of other sockets (netlink_getsockbyportid() in Linux's net/netlink/af_netlink.c).
    must(libc, libc.connect(socket.fd, netlinkAddress()), 'connect', SUBJECT);
  } catch (error) {
    socket.close();
    throw error;
  }
  return new RtnetlinkLosses(libc, socket);
}

/** Failures in a row after which the rest of a queue is left: the kernel reports an overrun once. */
const MOST_FAILURES = 100;

class RtnetlinkLosses implements LossSocket {
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  readonly #rest = new Uint8Array(16);

  constructor(libc: Libc, socket: NetlinkSocket) {
    this.#libc = libc;
    this.#socket = socket;
  }

  get fd(): number {
    return this.#socket.fd;
  }

  narrow(indices: readonly number[]): Result {
    for (const index of list('narrow: indices', indices)) {
      wholeNumber('narrow: an index', index, { least: 1, most: 0x7fff_ffff });
    }
    if (indices.length > MOST_LOSS_INDICES) {
      return -this.#libc.target.errnoOf.EINVAL;
    }
    return this.#socket.filter.attach(lossFilter(indices));
  }

  drain(): void {
    const { socket, errnoOf } = this.#libc.target;
    let failed = 0;
    while (failed <= MOST_FAILURES) {
      const result = this.#libc.recvfrom(this.#socket.fd, this.#rest, socket.MSG_DONTWAIT, null);
      // The kernel reports an overrun once. Then the queued messages can be read.
      if (result < 0 && result !== -errnoOf.ENOBUFS && result !== -errnoOf.EINTR) {
        return;
      }
      failed = result < 0 ? failed + 1 : 0;
    }
  }

  read(message: Uint8Array): Loss | null {
    objectWith('read: message', message, 'buffer', 'byteOffset', 'byteLength');
    const { rtm, iff, littleEndian } = linux;
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    if (message.byteLength < IFI_FLAGS + 4) {
      return null;
    }
    const index = view.getInt32(IFI_INDEX, littleEndian);
    const type = view.getUint16(NLMSG_TYPE, littleEndian);
    if (type === rtm.RTM_DELLINK) {
      return { index, health: MISSING };
    }
    const flags = view.getUint32(IFI_FLAGS, littleEndian);
    if (type !== rtm.RTM_NEWLINK || ((flags & iff.IFF_UP) !== 0 && (flags & iff.IFF_LOWER_UP) !== 0)) {
      return null;
    }
    return { index, health: (flags & iff.IFF_UP) === 0 ? ADMIN_DOWN : NO_CARRIER };
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
