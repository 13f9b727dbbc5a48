import { readFileSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';

/** The longest answer there is: a struct timeval. */
const SIZE = 16;

/**
 * Differs each time the system that `libc` reaches starts: what was changed before is no longer so. Empty where it
 * cannot be told.
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
