import { type Libc, list, loadLibc, must, objectWith, type Result, wholeNumber } from '@ifdepd/libc';
import {
  type BpfInstruction,
  linux,
  type NetlinkSocket,
  netlinkAddress,
  openNetlinkSocket,
} from '@ifdepd/netlink';
import { health, type LinkHealth } from '../health.ts';
import {
  type Guarded,
  guardFilter,
  lossFilter,
  MOST_LOSS_INDICES,
  repairFilter,
} from '../wire/link-state-filters.ts';
import { IFI_FLAGS, IFI_INDEX, NLMSG_TYPE } from '../wire/offsets.ts';
import { openOnLinux } from './open-on-linux.ts';

/** Room for some fifty messages. The other sockets still report one that does not fit. */
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

/** A socket whose queue holds only certain messages about certain links: what waits on it need not look at them. */
export interface NarrowSocket<Of> extends Disposable {
  /** Blocks: for a call that waits, such as one of io_uring(7). */
  readonly fd: number;
  /** Queues the messages about these links from now on, and no others. Queues none where it fails. */
  narrow(of: Of): Result;
  /** Discards what is in the queue. @returns whether anything was */
  drain(): boolean;
}

/** A socket whose queue holds nothing but losses of certain links. */
export interface LossSocket extends NarrowSocket<readonly number[]> {
  /** Decodes a received message; null where it reports no loss. */
  read(message: Uint8Array): Loss | null;
}

/** A socket whose queue holds nothing but messages in which certain links are active. */
export interface RepairSocket extends NarrowSocket<readonly number[]> {
  /** The index of the link that a received message is about; null where it is none about a link. */
  read(message: Uint8Array): number | null;
}

/** A socket that can be read once something has happened that a repair must not be acted on after. */
export type GuardSocket = NarrowSocket<Guarded>;

/** `libc` is by default this system's. */
export interface NarrowSocketOptions {
  readonly libc?: Libc;
}

/**
 * Opens a socket for the losses of links of this thread's network namespace. It queues none until
 * {@link NarrowSocket.narrow} names them.
 *
 * @returns null on another system, and where the kernel refuses the socket
 */
export function openLossSocket(options: NarrowSocketOptions = {}): LossSocket | null {
  const opened = openNarrow('openLossSocket', options, 'rtnetlink socket of losses', lossFilter, listed);
  return opened && Object.assign(opened, { read: readLoss });
}

/**
 * Opens a socket for messages in which links are active. It queues none until {@link NarrowSocket.narrow} names them.
 *
 * @returns null as for {@link openLossSocket}
 */
export function openRepairSocket(options: NarrowSocketOptions = {}): RepairSocket | null {
  const opened = openNarrow('openRepairSocket', options, 'rtnetlink socket of repairs', repairFilter, listed);
  return opened && Object.assign(opened, { read: readIndex });
}

/**
 * Opens a socket for what makes a repair doubtful: everything about some links, and about others everything but that they are
 * active. It queues nothing until {@link NarrowSocket.narrow} names them.
 *
 * @returns null as for {@link openLossSocket}
 */
export function openGuardSocket(options: NarrowSocketOptions = {}): GuardSocket | null {
  return openNarrow('openGuardSocket', options, 'rtnetlink socket of a guard', guardFilter, (of) => {
    objectWith('narrow: of', of, 'repaired', 'watched');
    return [...list('narrow: repaired', of.repaired), ...list('narrow: watched', of.watched)];
  });
}

const listed = (indices: readonly number[]): readonly unknown[] => list('narrow: indices', indices);

function openNarrow<Of>(
  caller: string,
  options: NarrowSocketOptions,
  subject: string,
  filter: (of: Of) => readonly BpfInstruction[],
  indicesOf: (of: Of) => readonly unknown[],
): RtnetlinkNarrow<Of> | null {
  objectWith(`${caller}: options`, options);
  return openOnLinux(caller, options.libc ?? loadLibc(), (libc) => {
    const socket = openNetlinkSocket({
      libc,
      subject,
      groups: [linux.rtnlgrp.RTNLGRP_LINK],
      receiveBufferBytes: RECEIVE_BUFFER_BYTES,
      blocks: true,
      program: lossFilter([]),
    });
    try {
      // A received message is acted on before its sender can be checked. So the socket is connected to the kernel, which then
      // refuses messages of other sockets (netlink_getsockbyportid() in Linux's net/netlink/af_netlink.c).
      must(libc, libc.connect(socket.fd, netlinkAddress()), 'connect', subject);
    } catch (error) {
      socket.close();
      throw error;
    }
    return new RtnetlinkNarrow(libc, socket, filter, indicesOf);
  });
}

/** Failures in a row after which the rest of a queue is left: the kernel reports an overrun once. */
const MOST_FAILURES = 100;

class RtnetlinkNarrow<Of> implements NarrowSocket<Of> {
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  readonly #filter: (of: Of) => readonly BpfInstruction[];
  readonly #indicesOf: (of: Of) => readonly unknown[];
  readonly #rest = new Uint8Array(16);

  constructor(
    libc: Libc,
    socket: NetlinkSocket,
    filter: (of: Of) => readonly BpfInstruction[],
    indicesOf: (of: Of) => readonly unknown[],
  ) {
    this.#libc = libc;
    this.#socket = socket;
    this.#filter = filter;
    this.#indicesOf = indicesOf;
  }

  get fd(): number {
    return this.#socket.fd;
  }

  narrow(of: Of): Result {
    const indices = this.#indicesOf(of);
    for (const index of indices) {
      wholeNumber('narrow: an index', index, { least: 1, most: 0x7fff_ffff });
    }
    if (indices.length > MOST_LOSS_INDICES) {
      return -this.#libc.target.errnoOf.EINVAL;
    }
    return this.#socket.filter.attach(this.#filter(of));
  }

  drain(): boolean {
    const { socket, errnoOf } = this.#libc.target;
    let [found, failed] = [false, 0];
    while (failed <= MOST_FAILURES) {
      const result = this.#libc.recvfrom(this.#socket.fd, this.#rest, socket.MSG_DONTWAIT, null);
      // The kernel reports an overrun once. Then the queued messages can be read.
      if (result < 0 && result !== -errnoOf.ENOBUFS && result !== -errnoOf.EINTR) {
        return found;
      }
      found = true;
      failed = result < 0 ? failed + 1 : 0;
    }
    return found;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function readLoss(message: Uint8Array): Loss | null {
  const { rtm, iff, littleEndian } = linux;
  const view = headerOf(message);
  if (view === null) {
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

function readIndex(message: Uint8Array): number | null {
  const view = headerOf(message);
  return view !== null && view.getUint16(NLMSG_TYPE, linux.littleEndian) === linux.rtm.RTM_NEWLINK
    ? view.getInt32(IFI_INDEX, linux.littleEndian)
    : null;
}

/** Null where the message is shorter than what is read of it. */
function headerOf(message: Uint8Array): DataView | null {
  objectWith('read: message', message, 'buffer', 'byteOffset', 'byteLength');
  return message.byteLength < IFI_FLAGS + 4
    ? null
    : new DataView(message.buffer, message.byteOffset, message.byteLength);
}
