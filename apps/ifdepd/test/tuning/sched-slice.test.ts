import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { shortenSlice } from '../../src/tuning/sched-slice.ts';

const SCHED_FIFO = 1;
const EPERM = 1;

/** A kernel whose thread has this policy, and that answers a change with this. */
function kernel(policy: number, answer = 0) {
  return scriptedLibc({
    sched_getattr(_pid, attributes) {
      attributes.set([48]);
      attributes[4] = policy;
      // SCHED_FLAG_RESET_ON_FORK and a niceness of -10, which somebody has chosen.
      attributes[8] = 1;
      attributes.set([0xf6, 0xff, 0xff, 0xff], 16);
      return 0;
    },
    sched_setattr: () => answer,
  });
}

test('the scheduler slice of this thread becomes 0.1 ms, its flags and niceness stay', () => {
  const libc = kernel(0);
  shortenSlice(libc);
  const [got, set] = libc.calls;
  expect(got?.values[0]).toBe(0);
  const expected = new Uint8Array(48);
  expected.set([48]);
  expected[8] = 1;
  expected.set([0xf6, 0xff, 0xff, 0xff], 16);
  new DataView(expected.buffer).setUint32(24, 100_000, true);
  expect(set).toEqual({ name: 'sched_setattr', values: [0, expected] });
});

test('a thread with a realtime policy keeps its scheduler slice', () => {
  const libc = kernel(SCHED_FIFO);
  shortenSlice(libc);
  expect(libc.calls.map(({ name }) => name)).toEqual(['sched_getattr']);
});

test('a kernel that refuses a scheduler slice: no error', () => {
  expect(() => shortenSlice(kernel(0, -EPERM))).not.toThrow();
});

test('a system without scheduler slices: no call is made', () => {
  const libc = scriptedLibc({}, { target: targetOf('freebsd') });
  shortenSlice(libc);
  expect(libc.calls).toEqual([]);
});
