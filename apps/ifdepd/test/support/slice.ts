import { release } from 'node:os';
import { loadLibc } from '@ifdepd/libc';

const [major = 0, minor = 0] = release().split('.').map(Number);

/** Why a process cannot ask for a short scheduler slice here; null where it can. */
export const noSlices: string | null =
  major * 100 + minor < 612 ? `Linux ${release()} grants no scheduler slices: 6.12 and later do` : null;

/** Nanoseconds of a turn of a process's main thread; null where it cannot be seen. */
export function sliceOf(pid: number): bigint | null {
  const attributes = new Uint8Array(48);
  const answer = loadLibc().sched_getattr(pid, attributes);
  return answer < 0 ? null : (new BigUint64Array(attributes.buffer)[3] ?? null);
}
