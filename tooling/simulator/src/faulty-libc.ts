import type { Libc } from '@ifdepd/libc';
import type { Time } from './virtual-loop.ts';

/** The calls that may fail while a daemon runs. */
export const CALLS = [
  'socket',
  'bind',
  'setsockopt',
  'sendto',
  'recvfrom',
  'ioctl',
  'open',
  'pread',
  'close',
  'if_nameindex',
];

/** How a call fails. */
export interface CallFault {
  readonly errno: string;
  readonly times: number;
  /** How many calls are made before the first one that fails. Default: 0. */
  readonly skip?: number;
  /** Of so many calls the first one fails. Default: 1, each does. */
  readonly every?: number;
  /** After so many milliseconds it fails no more. Default: it does until it has failed so many times. */
  readonly forMs?: number;
}

/** A fault of a call at present. */
interface Present {
  readonly number: number;
  readonly until: number;
  readonly every: number;
  left: number;
  skip: number;
}

/** The calls of a kernel, some of which fail. */
export interface FaultyLibc {
  readonly libc: Libc;
  /** How many calls are still to fail. */
  readonly left: number;
  /** How many calls have failed. */
  readonly failed: number;
  /** How many receives have found nothing within the present second, though there is something. */
  readonly emptyASecond: number;
  /** At most how many have failed in one moment. */
  readonly mostAtOnce: number;
  /** When a call failed last. */
  readonly failedAt: number;
  /** How long calls take at present, or took within the last second, each of them; 0 for no time. */
  readonly slowMs: number;
  /** From now on a call fails as a fault says. ENOBUFS of a receive loses a message. */
  fail(call: string, fault: CallFault): void;
  /** From now on each call of this name takes so many milliseconds, for so long. */
  slow(call: string, ms: number, forMs: number): void;
  /** All calls succeed again. */
  heal(): void;
}

/** Calls that have taken time are slow for so long after the last of them. */
const SLOW_AFTER_MS = 1000;

/** This many failures at one time are a loop that only the end of the fault ends. */
const ENDLESS = 20_000;

/**
 * @param calls the names of the calls that may fail
 * @param time the time of the kernel
 */
export function faultyLibc(
  libc: Libc,
  calls: readonly string[],
  { now, pass }: Pick<Time, 'now' | 'pass'>,
): FaultyLibc {
  let slow = { call: '', ms: 0, until: Number.NEGATIVE_INFINITY };
  const seconds = { at: 0, failed: 0 };
  const faults = new Map<string, Present>();
  let failed = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let moment = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const numberOf = (errno: string): number => {
    const found = Object.entries(libc.target.errno).find(([, [name]]) => name === errno);
    if (found === undefined) {
      throw new RangeError(`${libc.target.platform} has no ${errno}`);
    }
    return Number(found[0]);
  };
  const count = (isEmpty: boolean): void => {
    atOnce = moment === now() ? atOnce + 1 : 1;
    moment = now();
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    failed += 1;
    failedAt = moment;
    if (isEmpty) {
      const second = Math.floor(moment / 1000);
      seconds.failed = seconds.at === second ? seconds.failed + 1 : 1;
      seconds.at = second;
    }
  };
  /** Whether a call fails now. */
  const isNext = (fault: Present | undefined): fault is Present => {
    if (fault === undefined || fault.left === 0 || now() >= fault.until) {
      return false;
    }
    if (fault.skip > 0) {
      fault.skip -= 1;
      return false;
    }
    fault.skip = fault.every - 1;
    return true;
  };
  const failing = (call: string) => {
    const original = libc[call as keyof Libc];
    if (typeof original !== 'function') {
      throw new RangeError(`there is no call ${call}`);
    }
    return (...words: unknown[]): unknown => {
      if (slow.call === call && now() < slow.until) {
        pass(slow.ms);
      }
      const fault = faults.get(call);
      if (!isNext(fault)) {
        return Reflect.apply(original, libc, words);
      }
      // A descriptor is closed all the same, and an overrun has lost a message.
      if (call === 'close' || (call === 'recvfrom' && fault.number === libc.target.errnoOf.ENOBUFS)) {
        Reflect.apply(original, libc, words);
      }
      count(call === 'recvfrom' && fault.number === libc.target.errnoOf.EAGAIN);
      fault.left = atOnce > ENDLESS ? 0 : fault.left - 1;
      return -fault.number;
    };
  };
  return {
    libc: { ...libc, ...Object.fromEntries(calls.map((call) => [call, failing(call)])) },
    get left() {
      return [...faults.values()].reduce((sum, { left, until }) => sum + (now() < until ? left : 0), 0);
    },
    get failed() {
      return failed;
    },
    get failedAt() {
      return failedAt;
    },
    get emptyASecond() {
      return seconds.at === Math.floor(now() / 1000) ? seconds.failed : 0;
    },
    get slowMs() {
      return now() < slow.until + SLOW_AFTER_MS ? slow.ms : 0;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    fail: (call, { errno, times, skip = 0, every = 1, forMs = Number.POSITIVE_INFINITY }) =>
      void faults.set(call, { number: numberOf(errno), left: times, skip, every, until: now() + forMs }),
    slow(call, ms, forMs) {
      slow = { call, ms, until: now() + forMs };
    },
    heal() {
      faults.clear();
      slow = { ...slow, until: Math.min(slow.until, now()) };
    },
  };
}
