import { command } from '../command.ts';

/**
 * Packs a folder as the kernel unpacks it into the first file system (`newc`; Documentation/driver-api/early-userspace).
 * Archives may be concatenated.
 */
export function cpio(folder: string): Buffer {
  const names = command('busybox', ['find', '.'], { cwd: folder });
  return command('busybox', ['cpio', '-o', '-H', 'newc', '-R', '0:0'], { cwd: folder, input: names });
}
