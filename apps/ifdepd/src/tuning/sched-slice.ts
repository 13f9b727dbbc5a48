import type { Libc } from '@ifdepd/libc';

/** struct sched_attr of linux/sched/types.h in its first version: its size, then offsets in words of 32 and of 64 bits. */
const SIZEOF_SCHED_ATTR = 48;
const SCHED_POLICY = 1;
const SCHED_RUNTIME = 3;

/** Nanoseconds: the shortest slice that the kernel grants. */
const SLICE = 100_000n;

/**
 * Asks Linux for a short scheduler slice, for this thread and for the programs that it starts from now on. EEVDF runs the
 * task first whose slice ends first, and all slices are equally long by default, so a task that wakes up waits for those
 * that run. The share of the processor stays the same. Does nothing before Linux 6.12, under another scheduling policy, or
 * without permission.
 *
 * Issue: https://docs.kernel.org/scheduler/sched-eevdf.html (docs/adr/2026-11-23-scheduler-slice.md).
 * End: 2027-11-30, unless the storm of `npm run bench` is still slower without it.
 */
export function shortenSlice(libc: Libc): void {
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
