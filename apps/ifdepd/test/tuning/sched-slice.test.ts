import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { shortSlices } from '../../src/tuning/sched-slice.ts';

const SCHED_FIFO = 1;
const EPERM = 1;

/** A kernel that tells what its thread has, and takes what it is told. */
function kernel(policy: number, answer = 0) {
  return scriptedLibc({
    sched_getattr(_pid, attributes) {
      attributes.set([48]);
      attributes[4] = policy;
      // SCHED_FLAG_RESET_ON_FORK and a niceness of -10: somebody's choices.
      attributes[8] = 1;
      attributes.set([0xf6, 0xff, 0xff, 0xff], 16);
      return 0;
    },
    sched_setattr: () => answer,
  });
}

test('the slice of this thread becomes a tenth of a millisecond, and all else stays', () => {
  const libc = kernel(0);
  shortSlices(libc);
  const [got, set] = libc.calls;
  expect(got?.values[0]).toBe(0);
  const expected = new Uint8Array(48);
  expected.set([48]);
  expected[8] = 1;
  expected.set([0xf6, 0xff, 0xff, 0xff], 16);
  new DataView(expected.buffer).setUint32(24, 100_000, true);
  expect(set).toEqual({ name: 'sched_setattr', values: [0, expected] });
});

test('a realtime policy is left alone', () => {
  const libc = kernel(SCHED_FIFO);
  shortSlices(libc);
  expect(libc.calls.map(({ name }) => name)).toEqual(['sched_getattr']);
});

test('who may not goes without', () => {
  expect(() => shortSlices(kernel(0, -EPERM))).not.toThrow();
});

test('a system without is not asked', () => {
  const libc = scriptedLibc({}, { target: targetOf('freebsd') });
  shortSlices(libc);
  expect(libc.calls).toEqual([]);
});
