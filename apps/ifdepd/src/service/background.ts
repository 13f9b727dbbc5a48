import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';

/** Set in the background process: the id of the process that waits for it. */
export const WAITING_VARIABLE = 'IFDEPD_WAITING_PID';
/** The descriptor on which it reports that it is ready: the first after the standard ones. */
export const READY_FD = 3;

let inBackground: boolean | undefined;

/** True only in the process that goToBackground started, whatever another process has in its environment. */
export function isInBackground(): boolean {
  inBackground ??= process.env[WAITING_VARIABLE] === String(process.ppid) && isPipe(READY_FD);
  return inBackground;
}

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

/**
 * In the background process, once the first decision is applied: releases the terminal, the directory and the
 * process that waits.
 */
export function detach(libc: Libc): void {
  process.chdir('/');
  const nowhere = openSync('/dev/null', 'r+');
  libc.dup2(nowhere, 2);
  closeSync(nowhere);
  delete process.env[WAITING_VARIABLE];
  try {
    writeSync(READY_FD, 'ready\n');
  } catch {
    // The waiting process is gone: nobody reads.
  }
  closeSync(READY_FD);
}
