import { objectWith, wholeNumber } from '../arguments.ts';
import type { Libc, MappedBytes, PinnedBytes, Result } from '../libc.ts';
import { OwnedFd } from '../owned-fd.ts';
import type { IoUringNumbers } from '../target.ts';

/** One call that the kernel is to make by itself. */
export interface RingCall {
  readonly operation: 'recv' | 'send';
  /** A descriptor that blocks: with one that does not, a kernel may not wait either. */
  readonly fd: number;
  /** What is received into or sent. Hold it until the call has ended. */
  readonly memory: PinnedBytes;
  /** How much of it, in bytes. */
  readonly length: number;
  /** What its end is told by: 1 to 2³² − 1. */
  readonly token: number;
}

/**
 * Calls that the kernel makes one after another without coming back to the process in between: it goes on at once when
 * what a call waits for is there, whatever the process is doing (io_uring(7)). The ends of calls are put where
 * {@link Ring.reap} finds them; nothing is woken by them.
 */
export interface Ring extends Disposable {
  /**
   * Calls that each begin when the one before has succeeded. One that fails ends those behind it with −ECANCELED.
   *
   * @returns how many were handed over: all, or a negated errno and none of them is made
   */
  chain(calls: readonly RingCall[]): Result;
  /** Ends a call that waits, and with it those behind it; nothing where it has ended by itself. */
  cancel(token: number): Result;
  /** Tells what has ended since the last time, in that order: what the call returned, or its negated errno. */
  reap(ended: (token: number, result: Result) => void): void;
  /** Waits until there is something to reap. */
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
const SQE = { size: 64, opcode: 0, flags: 1, fd: 4, addr: 16, len: 24, userData: 32 } as const;

/** struct io_uring_cqe. */
const CQE = { size: 16, userData: 0, res: 8 } as const;

/** Of the calls that end other calls: nobody asks how they ended. */
const NO_TOKEN = 0;

/**
 * A ring of the kernel's.
 *
 * @param entries calls that can be handed over at a time
 * @returns null where the system has none, or an older one, or keeps it from us (`kernel.io_uring_disabled`, seccomp)
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

/** Heads and tails are read and written without barriers: the kernel looks at them within this thread's own calls. */
class MappedRing implements Ring {
  readonly #libc: Libc;
  readonly #numbers: IoUringNumbers;
  readonly #ring: OwnedFd;
  readonly #maps: Maps;
  readonly #view: DataView;
  readonly #words: Uint32Array;
  readonly #sqe: DataView;
  /** Where the words and tables are: indices of words, but for `cqes`, in bytes. */
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
    const { IORING_OP_RECV, IORING_OP_SEND, IOSQE_IO_LINK } = this.#numbers;
    for (const [at, { operation, fd, memory, length, token }] of calls.entries()) {
      const opcode = operation === 'recv' ? IORING_OP_RECV : IORING_OP_SEND;
      const flags = at < calls.length - 1 ? IOSQE_IO_LINK : 0;
      this.#put(opcode, flags, fd, memory.address, length, token);
    }
    const taken = this.#submit(calls.length);
    if (taken < 0 || taken === calls.length) {
      return taken;
    }
    // A part of it was taken, for want of memory: without what was to follow it is to do nothing either.
    this.cancel(calls[0]?.token ?? NO_TOKEN);
    return -this.#libc.target.errnoOf.ENOMEM;
  }

  cancel(token: number): Result {
    this.#put(this.#numbers.IORING_OP_ASYNC_CANCEL, 0, -1, BigInt(token), 0, NO_TOKEN);
    return this.#submit(1);
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

  /** What the kernel does not take now it is not to find at the next time: its end is moved back to its beginning. */
  #submit(count: number): Result {
    const taken = this.#enter(count, 0, 0);
    const { sqHead, sqTail } = this.#at;
    this.#words[sqTail] = this.#word(sqHead);
    return taken;
  }

  #put(opcode: number, flags: number, fd: number, address: bigint, length: number, token: number): void {
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
  }

  /** Interrupted by a signal, nothing has been taken: once more. */
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
