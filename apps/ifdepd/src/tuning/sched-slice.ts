import type { Libc } from '@ifdepd/libc';

/** struct sched_attr of linux/sched/types.h, as it was first: its size, and where in words of 32 and 64 bits. */
const SIZEOF_SCHED_ATTR = 48;
const SCHED_POLICY = 1;
const SCHED_RUNTIME = 3;

/** Nanoseconds: the shortest that the kernel grants. */
const SLICE = 100_000n;

/**
 * Asks the scheduler for short turns in place of long ones: the sooner a turn would be over, the sooner it is given to
 * who wakes up while others are busy (Linux 6.12 and later, docs/adr/2026-11-23-scheduler-slice.md). The share of the
 * processor stays the same. For this thread, and for what it starts from now on.
 *
 * Does nothing where somebody chose another policy, or does not allow it.
 */
export function shortSlices(libc: Libc): void {
  const numbers = libc.target.scheduling;
  const attributes = new Uint8Array(SIZEOF_SCHED_ATTR);
  if (numbers === null || libc.sched_getattr(0, attributes) < 0) {
    return;
  }
  if (new Uint32Array(attributes.buffer)[SCHED_POLICY] === numbers.SCHED_OTHER) {
    new BigUint64Array(attributes.buffer)[SCHED_RUNTIME] = SLICE;
    libc.sched_setattr(0, attributes);
  }
}
