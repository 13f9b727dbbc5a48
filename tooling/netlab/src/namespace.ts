import { spawnSync } from 'node:child_process';
import { type Libc, loadLibc, must, SystemError } from '@ifdepd/libc';
import { ip } from './ip.ts';

/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;

let libc: Libc | undefined;

/**
 * Puts the main thread of this process, and all that it starts from now on, into a new and empty network namespace
 * with loopback up. The kernel takes the namespace away with the last process in it: nothing is left behind, even by
 * a test that was killed. Sockets that are already open stay where they were.
 *
 * @throws {Error} that names the way out where this process may not do so
 */
export function enterNewNamespace(): void {
  libc ??= loadLibc();
  try {
    must(libc, libc.unshare(CLONE_NEWNET), 'unshare CLONE_NEWNET', 'network namespace');
  } catch (error) {
    if (error instanceof SystemError && error.kind === 'not-permitted') {
      throw new Error(
        'a network namespace needs root, or a user namespace around this process: unshare -Ur <command>',
        { cause: error },
      );
    }
    throw error;
  }
  ip('link', 'set', 'lo', 'up');
}

/** linux/sched.h */
const CLONE_NEWNS = 0x00020000;

/**
 * Shows the network namespace of the main thread in /sys, to it and to all that it starts from now on, as
 * `ip netns exec` does: a sysfs goes on showing the namespace that it was mounted in. The mounts are this thread's own.
 *
 * @returns why that cannot be had here; null where it was done
 */
export function mountSysfs(): string | null {
  libc ??= loadLibc();
  if (libc.unshare(CLONE_NEWNS) < 0) {
    return 'a mount namespace needs root, or a user namespace around this process';
  }
  for (const words of [
    ['--make-rprivate', '/'],
    ['-t', 'sysfs', 'sysfs', '/sys'],
  ]) {
    const { status, stderr, error } = spawnSync('mount', words, { encoding: 'utf8' });
    if (status !== 0) {
      return `no sysfs of this network namespace: ${error?.message ?? stderr.trim()}`;
    }
  }
  return null;
}
