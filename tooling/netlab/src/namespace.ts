import { spawnSync } from 'node:child_process';
import { type Libc, loadLibc, must, SystemError } from '@ifdepd/libc';
import { ip } from './ip.ts';

/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;

let libc: Libc | undefined;

/**
 * Moves the main thread of this process, and all its later children, into a new network namespace with only loopback, up.
 * The kernel removes the namespace with the last process in it, even if the test was killed. Sockets that are already
 * open stay in the old one.
 *
 * @throws {Error} with the way out if this process has no right to do so
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
 * Mounts a sysfs of the current network namespace on /sys, for the main thread and its later children, as `ip netns exec`
 * does: a sysfs shows the namespace in which it was mounted. No other process sees these mounts.
 *
 * @returns the reason if this is not possible here; null on success
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
