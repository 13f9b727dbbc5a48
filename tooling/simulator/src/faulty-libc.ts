import type { Libc } from '@ifdepd/libc';

/** The calls of a kernel, some of which fail. */
export interface FaultyLibc {
  readonly libc: Libc;
  /** How many calls are still to fail. */
  readonly left: number;
  /** From now on a call fails with an errno, so many times. */
  fail(call: string, errno: string, times: number): void;
  /** All calls succeed again. */
  heal(): void;
}

/** @param calls the names of the calls that may fail */
export function faultyLibc(libc: Libc, calls: readonly string[]): FaultyLibc {
  const faults = new Map<string, { number: number; left: number }>();
  const numberOf = (errno: string): number => {
    const found = Object.entries(libc.target.errno).find(([, [name]]) => name === errno);
    if (found === undefined) {
      throw new RangeError(`${libc.target.platform} has no ${errno}`);
    }
    return Number(found[0]);
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
      fault.left -= 1;
      return -fault.number;
    };
  };
  return {
    libc: { ...libc, ...Object.fromEntries(calls.map((call) => [call, failing(call)])) },
    get left() {
      return [...faults.values()].reduce((sum, { left }) => sum + left, 0);
    },
    fail: (call, errno, times) => void faults.set(call, { number: numberOf(errno), left: times }),
    heal: () => faults.clear(),
  };
}
