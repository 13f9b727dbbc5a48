import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Libc } from '@ifdepd/libc';
import { keepDescriptors } from '../programs/descriptors.ts';
import type { Program } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';
import { SEALED } from '../system/inspector.ts';
import { READY_FD, WAITING_VARIABLE } from './background.ts';

/**
 * Starts this program again in its own session, and waits until its first decision is applied. Its standard error before
 * that goes to ours.
 *
 * @param args its arguments
 * @returns the exit code: 0 once it is ready, otherwise that of the process (128 and the number of a signal)
 */
export function goToBackground(
  { file, signals }: Program,
  args: readonly string[],
  libc: Libc,
): Promise<number> {
  keepDescriptors(libc);
  const child = spawn(process.execPath, [...process.execArgv, SEALED, file, ...args], {
    detached: true,
    env: { ...process.env, [WAITING_VARIABLE]: String(process.pid) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const complaints = child.stderr;
  const readiness = child.stdio[READY_FD] as Readable;
  let passedOn: NodeJS.Signals | undefined;
  // A signal before it is ready is meant for the daemon.
  signals.take((signal) => {
    passedOn = signal;
    child.kill(signal);
  });
  complaints?.pipe(process.stderr, { end: false });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`ifdepd: cannot start in the background: ${error.message}\n`);
      resolve(ExitCode.system);
    });
    readiness.once('data', () => {
      child.unref();
      resolve(ExitCode.ok);
    });
    // 'close', not 'exit': by then all of its standard error has been passed on.
    child.once('close', (code, signal) => {
      if (signal !== null && signal === passedOn) {
        resolve(128 + constants.signals[signal]);
        return;
      }
      if (signal !== null) {
        process.stderr.write(`ifdepd: the background process was ended by ${signal} before it was ready\n`);
      }
      resolve(code ?? ExitCode.internal);
    });
  });
}
