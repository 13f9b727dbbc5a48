import { closeSync, openSync, writeSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';

/** Set in the background process: the descriptor on which it says that it is ready. */
export const READY_FD_VARIABLE = 'IFDEPD_READY_FD';
/** That descriptor: the first after the standard ones. */
export const READY_FD = 3;

/** True in the process that goToBackground started. */
export function isInBackground(): boolean {
  return process.env[READY_FD_VARIABLE] === String(READY_FD);
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
  delete process.env[READY_FD_VARIABLE];
  try {
    writeSync(READY_FD, 'ready\n');
  } catch {
    // The process that waited is gone: nobody to tell.
  }
  closeSync(READY_FD);
}
