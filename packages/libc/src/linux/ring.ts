import { objectWith, wholeNumber } from '../arguments.ts';
import type { Libc, MappedBytes, PinnedBytes, Result } from '../libc.ts';
import { OwnedFd } from '../owned-fd.ts';
import type { IoUringNumbers } from '../target.ts';

/** One call that the kernel makes by itself. */
export type RingCall = RingTransfer | RingPoll | RingUnpoll;

/** A call that moves bytes. */
export interface RingTransfer {
  /** `write` is for a file that was opened to append. */
  readonly operation: 'recv' | 'send' | 'write';
  /** A descriptor that blocks: with a non-blocking one, some kernels do not wait. Keep it open until the call has ended. */
  readonly fd: number;
  /** The memory to receive into, to send or to write. Hold it until the call has ended. */
  readonly memory: PinnedBytes;
  /** The length of that memory to use, in bytes. */
  readonly length: number;
  /** Identifies the call when it has ended: 1 to 2³² − 1. */
  readonly token: number;
}

/** A call that ends once a descriptor can be read. The call behind it does not wait for that. */
export interface RingPoll {
  readonly operation: 'poll';
  /** Keep it open until the call has ended. */
  readonly fd: number;
  /** As {@link RingTransfer.token}. */
  readonly token: number;
}

/**
 * A call that ends a poll. It fails when the descriptor of the poll could be read at any time since the poll began: then the
 * calls behind it are not made.
 */
export interface RingUnpoll {
  readonly operation: 'unpoll';
  /** The token of the poll. */
  readonly poll: number;
  /** As {@link RingTransfer.token}. */
  readonly token: number;
}

/**
 * Calls that the kernel makes one after another without a return to the process (io_uring(7)). The kernel continues as soon as
 * the event comes that a call waits for, even while the process is busy. {@link Ring.reap} finds the results; nothing wakes the
 * process.
 */
export interface Ring extends Disposable {
  /**
   * Submits calls that each begin when the one before has succeeded. A call that fails ends those behind it with −ECANCELED.
   *
   * @returns the number of calls submitted, which is all of them; or a negated errno, and the kernel makes none of them
   */
  chain(calls: readonly RingCall[]): Result;
  /** Ends waiting calls and those behind them. Does nothing to those that have ended by themselves. */
  cancel(...tokens: readonly number[]): Result;
  /** Reports, in order, every call that ended since the last time: its result, or the negated errno. */
  reap(ended: (token: number, result: Result) => void): void;
  /** Blocks until a call has ended. */
  wait(): Result;
}

/** io_uring/io_uring.h, IORING_MAX_ENTRIES. */
const MOST_ENTRIES = 32_768;

/** struct io_uring_params, linux/io_uring.h: its 32-bit words. */
const PARAMS = { size: 120, sqEntries: 0, cqEntries: 1, features: 5, sqOff: 10, cqOff: 20 } as const;

/** struct io_sqring_offsets: 32-bit words. */
const SQ = { head: 0, tail: 1, mask: 2, array: 6 } as const;

/** struct io_cqring_offsets: 32-bit words. */
const CQ = { head: 0, tail: 1, mask: 2, cqes: 5 } as const;

/** struct io_uring_sqe. */
const SQE = {
  size: 64,
  opcode: 0,
  flags: 1,
  fd: 4,
  addr: 16,
  len: 24,
  pollEvents: 28,
  userData: 32,
} as const;

/** struct io_uring_cqe. */
const CQE = { size: 16, userData: 0, res: 8 } as const;

/** The token of the calls that cancel other calls: their results are not reported. */
const NO_TOKEN = 0;

/**
 * Opens a ring.
 *
 * @param entries the largest number of calls that can be submitted at a time
 * @returns null when the system has no io_uring, or one that is too old, or refuses it (`kernel.io_uring_disabled`, seccomp)
 */
export function openRing(libc: Libc, entries: number): Ring | null {
  objectWith('openRing: libc', libc, 'target', 'io_uring_setup');
  wholeNumber('openRing: entries', entries, { least: 1, most: MOST_ENTRIES });
  const numbers = libc.target.ioUring;
  if (numbers === null) {
    return null;
  }
  const params = new Uint8Array(PARAMS.size);
  const result = libc.io_uring_setup(entries, params);
  if (result < 0) {
    return null;
  }
  const owned = new OwnedFd(libc, result);
  const words = new Uint32Array(params.buffer);
  const wanted =
    numbers.IORING_FEAT_SINGLE_MMAP | numbers.IORING_FEAT_FAST_POLL | numbers.IORING_FEAT_NATIVE_WORKERS;
  const maps =
    ((words[PARAMS.features] ?? 0) & wanted) === wanted ? mapRings(libc, numbers, owned.fd, words) : null;
  if (maps === null) {
    owned.close();
    return null;
  }
  return new MappedRing(libc, numbers, owned, words, maps);
}

interface Maps {
  readonly rings: MappedBytes;
  readonly sqes: MappedBytes;
}

function mapRings(libc: Libc, numbers: IoUringNumbers, fd: number, params: Uint32Array): Maps | null {
  const sqEntries = params[PARAMS.sqEntries] ?? 0;
  const array = (params[PARAMS.sqOff + SQ.array] ?? 0) + 4 * sqEntries;
  const cqes = (params[PARAMS.cqOff + CQ.cqes] ?? 0) + CQE.size * (params[PARAMS.cqEntries] ?? 0);
  const rings = libc.mmap(fd, Math.max(array, cqes), numbers.IORING_OFF_SQ_RING);
  if (typeof rings === 'number') {
    return null;
  }
  const sqes = libc.mmap(fd, SQE.size * sqEntries, numbers.IORING_OFF_SQES);
  if (typeof sqes === 'number') {
    rings[Symbol.dispose]();
    return null;
  }
  return { rings, sqes };
}

/** Reads and writes heads and tails without barriers, as the kernel accesses them only within calls of this thread. */
class MappedRing implements Ring {
  readonly #libc: Libc;
  readonly #numbers: IoUringNumbers;
  readonly #ring: OwnedFd;
  readonly #maps: Maps;
  readonly #view: DataView;
  readonly #words: Uint32Array;
  readonly #sqe: DataView;
  /** The places in the ring: indices of 32-bit words, except `cqes`, an offset in bytes. */
  readonly #at: {
    readonly sqHead: number;
    readonly sqTail: number;
    readonly array: number;
    readonly cqHead: number;
    readonly cqTail: number;
    readonly cqes: number;
  };
  readonly #sqMask: number;
  readonly #cqMask: number;

  constructor(libc: Libc, numbers: IoUringNumbers, ring: OwnedFd, params: Uint32Array, maps: Maps) {
    const offset = (word: number): number => params[word] ?? 0;
    const { buffer, byteLength } = maps.rings.bytes;
    this.#libc = libc;
    this.#numbers = numbers;
    this.#ring = ring;
    this.#maps = maps;
    this.#view = new DataView(buffer, 0, byteLength);
    this.#words = new Uint32Array(buffer, 0, Math.floor(byteLength / 4));
    this.#sqe = new DataView(maps.sqes.bytes.buffer, 0, maps.sqes.bytes.byteLength);
    this.#at = {
      sqHead: offset(PARAMS.sqOff + SQ.head) / 4,
      sqTail: offset(PARAMS.sqOff + SQ.tail) / 4,
      array: offset(PARAMS.sqOff + SQ.array) / 4,
      cqHead: offset(PARAMS.cqOff + CQ.head) / 4,
      cqTail: offset(PARAMS.cqOff + CQ.tail) / 4,
      cqes: offset(PARAMS.cqOff + CQ.cqes),
    };
    this.#sqMask = this.#word(offset(PARAMS.sqOff + SQ.mask) / 4);
    this.#cqMask = this.#word(offset(PARAMS.cqOff + CQ.mask) / 4);
  }

  chain(calls: readonly RingCall[]): Result {
    for (const [at, call] of calls.entries()) {
      this.#putCall(call, at === calls.length - 1);
    }
    const taken = this.#submit(calls.length);
    if (taken < 0 || taken === calls.length) {
      return taken;
    }
    // For lack of memory the kernel took only a part. That part must not run without the rest, so it is cancelled.
    this.cancel(...calls.slice(0, taken).map(({ token }) => token));
    return -this.#libc.target.errnoOf.ENOMEM;
  }

  #putCall(call: RingCall, isLast: boolean): void {
    const { IORING_OP_RECV, IORING_OP_SEND, IORING_OP_WRITE, IOSQE_IO_LINK, ...numbers } = this.#numbers;
    const link = isLast ? 0 : IOSQE_IO_LINK;
    if (call.operation === 'poll') {
      const at = this.#put(numbers.IORING_OP_POLL_ADD, 0, call.fd, 0n, 0, call.token);
      this.#sqe.setUint16(at + SQE.pollEvents, numbers.POLLIN, true);
    } else if (call.operation === 'unpoll') {
      this.#put(numbers.IORING_OP_POLL_REMOVE, link, -1, BigInt(call.poll), 0, call.token);
    } else {
      const opcodes = { recv: IORING_OP_RECV, send: IORING_OP_SEND, write: IORING_OP_WRITE };
      const { operation, fd, memory, length, token } = call;
      this.#put(opcodes[operation], link, fd, memory.address, length, token);
    }
  }

  cancel(...tokens: readonly number[]): Result {
    for (const token of tokens) {
      this.#put(this.#numbers.IORING_OP_ASYNC_CANCEL, 0, -1, BigInt(token), 0, NO_TOKEN);
    }
    return this.#submit(tokens.length);
  }

  reap(ended: (token: number, result: Result) => void): void {
    const { cqHead, cqTail, cqes } = this.#at;
    for (let head = this.#word(cqHead); head !== this.#word(cqTail); head = this.#word(cqHead)) {
      const at = cqes + CQE.size * (head & this.#cqMask);
      const token = this.#view.getUint32(at + CQE.userData, true);
      const result = this.#view.getInt32(at + CQE.res, true);
      this.#words[cqHead] = head + 1;
      if (token !== NO_TOKEN) {
        ended(token, result);
      }
    }
  }

  wait(): Result {
    return this.#enter(0, 1, this.#numbers.IORING_ENTER_GETEVENTS);
  }

  /** Submits the queued entries, and removes those that the kernel did not take: the next submission must not have them. */
  #submit(count: number): Result {
    const taken = this.#enter(count, 0, 0);
    const { sqHead, sqTail } = this.#at;
    this.#words[sqTail] = this.#word(sqHead);
    return taken;
  }

  /** @returns where the entry is */
  #put(opcode: number, flags: number, fd: number, address: bigint, length: number, token: number): number {
    const { sqTail, array } = this.#at;
    const tail = this.#word(sqTail);
    const slot = tail & this.#sqMask;
    const at = SQE.size * slot;
    for (let byte = 0; byte < SQE.size; byte += 8) {
      this.#sqe.setBigUint64(at + byte, 0n);
    }
    this.#sqe.setUint8(at + SQE.opcode, opcode);
    this.#sqe.setUint8(at + SQE.flags, flags);
    this.#sqe.setInt32(at + SQE.fd, fd, true);
    this.#sqe.setBigUint64(at + SQE.addr, address, true);
    this.#sqe.setUint32(at + SQE.len, length, true);
    this.#sqe.setUint32(at + SQE.userData, token, true);
    this.#words[array + slot] = slot;
    this.#words[sqTail] = tail + 1;
    return at;
  }

  /** A signal interrupts the call before the kernel has taken an entry, so the call is repeated. */
  #enter(submit: number, complete: number, flags: number): Result {
    const { EINTR } = this.#libc.target.errnoOf;
    let result: Result;
    do {
      result = this.#libc.io_uring_enter(this.#ring.fd, submit, complete, flags);
    } while (result === -EINTR);
    return result;
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }

  [Symbol.dispose](): void {
    if (!this.#ring.closed) {
      this.#ring.close();
      this.#maps.rings[Symbol.dispose]();
      this.#maps.sqes[Symbol.dispose]();
    }
  }
}
