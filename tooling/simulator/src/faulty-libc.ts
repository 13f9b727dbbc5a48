import type { Libc } from '@ifdepd/libc';

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
  /** How many calls have failed, and at most how many in one moment. */
  readonly failed: number;
  readonly mostAtOnce: number;
  /** From now on a call fails with an errno, so many times, after so many that are made. */
  fail(call: string, errno: string, times: number, after: number): void;
  /** All calls succeed again. */
  heal(): void;
}

/** So many failures in one moment are a loop that only the end of the fault ends. */
const ENDLESS = 20_000;

/**
 * @param calls the names of the calls that may fail
 * @param now the time of the kernel
 */
export function faultyLibc(libc: Libc, calls: readonly string[], now: () => number): FaultyLibc {
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
  const count = (): void => {
    atOnce = moment === now() ? atOnce + 1 : 1;
    moment = now();
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    failed += 1;
  };
  const failing = (call: string) => {
    const original = libc[call as keyof Libc];
    if (typeof original !== 'function') {
      throw new RangeError(`there is no call ${call}`);
    }
    return (...words: unknown[]): unknown => {
      const fault = faults.get(call);
      if (fault === undefined || fault.left === 0) {
        return Reflect.apply(original, libc, words);
      }
      if (fault.after > 0) {
        fault.after -= 1;
        return Reflect.apply(original, libc, words);
      }
      // A descriptor is closed all the same.
      if (call === 'close') {
        Reflect.apply(original, libc, words);
      }
      count();
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
    get mostAtOnce() {
      return mostAtOnce;
    },
    fail: (call, errno, times, after) =>
      void faults.set(call, { number: numberOf(errno), left: times, after }),
    heal: () => faults.clear(),
  };
}
