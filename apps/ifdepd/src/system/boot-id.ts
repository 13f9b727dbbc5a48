import { readFileSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';

/** Bytes of the longest answer: a struct timeval. */
const SIZE = 16;

/**
 * Identifies the boot of the system that `libc` reaches; empty where the system does not show it.
 */
export function bootId(libc: Libc): string {
  const { bootId: how } = libc.target;
  if ('file' in how) {
    try {
      return readFileSync(how.file, 'latin1').trim();
    } catch {
      return '';
    }
  }
  const into = new Uint8Array(SIZE);
  const length = libc.sysctl(how.mib, into, null);
  return length < 0 ? '' : Buffer.from(into.subarray(0, length)).toString('hex');
}
