import { readdirSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';

/** 0 to 2 are set for each program that is started. */
const LAST_STANDARD = 2;

/** Where the system lists none: as high as shells and service managers go. */
const LAST_GUESSED = 255;

/**
 * Marks all descriptors but the standard ones close-on-exec, before the first program is started. What the parent process
 * has left open (the lock of a shell, sockets of a service manager, a pipe) belongs neither to the programs that we start
 * nor to the process in the background, which would hold it for ever. Node does the same for those up to 15 and on to the
 * first that is not open, no further; what it opens itself, and what we do, is marked from the beginning.
 */
export function keepDescriptors(libc: Libc): void {
  const { F_SETFD, FD_CLOEXEC } = libc.target.fcntl;
  for (const fd of openDescriptors(libc.target.descriptorDirectory)) {
    if (fd > LAST_STANDARD) {
      libc.fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
  }
}

/** Those that are open, and maybe others. */
function openDescriptors(directory: string | null): Iterable<number> {
  try {
    if (directory !== null) {
      return readdirSync(directory).map(Number);
    }
  } catch {
    // A chroot without it.
  }
  return Array(LAST_GUESSED + 1).keys();
}
