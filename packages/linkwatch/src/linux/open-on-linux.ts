import { type Libc, SystemError } from '@ifdepd/libc';
import { checkLibc } from '../options.ts';

/**
 * Opens a socket that only Linux has.
 *
 * @param caller the function that was called, for an error about its argument
 * @returns null on another system, and where the kernel refuses the socket
 */
export function openOnLinux<Socket>(caller: string, libc: Libc, open: (libc: Libc) => Socket): Socket | null {
  checkLibc(caller, libc);
  if (!libc.target.rtnetlink) {
    return null;
  }
  try {
    return open(libc);
  } catch (error) {
    if (error instanceof SystemError) {
      return null;
    }
    throw error;
  }
}
