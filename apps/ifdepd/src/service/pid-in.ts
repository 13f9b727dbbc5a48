import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A process id and the end of its line. */
const LONGEST_PID = 16;

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** The process id in a file; null where it holds none (half written, or no pid file at all). */
export function pidIn(path: string): number | null {
  try {
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(LONGEST_PID);
      const size = fstatSync(fd).isFile() ? readSync(fd, bytes, 0, LONGEST_PID, 0) : 0;
      const text = bytes.toString('latin1', 0, size).trim();
      return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
