import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc, must } from '@ifdepd/libc';

/** linux/sched.h */
const CLONE_NEWNS = 0x00020000;

export interface Sysfs extends Disposable {
  /** Its class/net. */
  readonly classNet: string;
}

/**
 * Mounts a sysfs of the present network namespace, in a mount namespace of our own.
 *
 * @returns why it could not, where this machine does not let us
 */
export function mountSysfs(): Sysfs | string {
  const libc = loadLibc();
  must(libc, libc.unshare(CLONE_NEWNS), 'unshare CLONE_NEWNS', 'mount namespace');
  const directory = mkdtempSync(join(tmpdir(), 'sysfs-'));
  const commands = [
    ['mount', '--make-rprivate', '/'],
    ['mount', '-t', 'sysfs', 'sysfs', directory],
  ];
  for (const [command = '', ...words] of commands) {
    const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
    if (status !== 0) {
      rmdirSync(directory);
      return `${command} ${words.join(' ')}: ${stderr.trim()}`;
    }
  }
  return {
    classNet: join(directory, 'class/net'),
    [Symbol.dispose]() {
      spawnSync('umount', [directory]);
      rmdirSync(directory);
    },
  };
}
