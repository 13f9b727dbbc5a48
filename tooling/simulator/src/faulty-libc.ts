import type { Libc } from '@ifdepd/libc';
import type { ScriptedLinux } from '@ifdepd/scripted-kernels';

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
  /** Whether calls take time at present. */
  readonly isSlow: boolean;
  /** From now on a call fails with an errno, so many times, after so many that are made. ENOBUFS of a receive loses a message. */
  fail(call: string, errno: string, times: number, after: number): void;
  /** From now on each call of this name takes so many milliseconds, for so long. */
  slow(call: string, ms: number, forMs: number): void;
  /** All calls succeed again. */
  heal(): void;
}

/** This many failures at one time are a loop that only the end of the fault ends. */
const ENDLESS = 20_000;

/**
 * @param calls the names of the calls that may fail
 * @param time the time of the kernel
 */
export function faultyLibc(
  libc: Libc,
  calls: readonly string[],
  { now, pass }: Pick<ScriptedLinux, 'now' | 'pass'>,
): FaultyLibc {
  let slow = { call: '', ms: 0, until: 0 };
  const seconds = { at: 0, failed: 0 };
  const faults = new Map<string, { number: number; left: number; after: number }>();
  let failed = 0;
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
    if (isEmpty) {
      const second = Math.floor(moment / 1000);
      seconds.failed = seconds.at === second ? seconds.failed + 1 : 1;
      seconds.at = second;
    }
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
      if (fault === undefined || fault.left === 0) {
        return Reflect.apply(original, libc, words);
      }
      if (fault.after > 0) {
        fault.after -= 1;
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
      return [...faults.values()].reduce((sum, { left }) => sum + left, 0);
    },
    get failed() {
      return failed;
    },
    get emptyASecond() {
      return seconds.at === Math.floor(now() / 1000) ? seconds.failed : 0;
    },
    get isSlow() {
      return now() < slow.until;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    fail: (call, errno, times, after) =>
      void faults.set(call, { number: numberOf(errno), left: times, after }),
    slow(call, ms, forMs) {
      slow = { call, ms, until: now() + forMs };
    },
    heal() {
      faults.clear();
      slow = { ...slow, until: 0 };
    },
  };
}
