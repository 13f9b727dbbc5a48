import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Libc } from '@ifdepd/libc';
import { keepDescriptors } from '../programs/descriptors.ts';
import { ExitCode } from '../system/errors.ts';
import { SEALED } from '../system/inspector.ts';
import type { Program } from '../system/program.ts';
import { READY_FD, WAITING_VARIABLE } from './background.ts';

/**
 * Starts this program again in a session of its own, and waits until it says that its first decision is applied.
 * What it has to complain of before that reaches our standard error.
 *
 * @param words its arguments
 * @returns how we should end: 0 once it is ready, otherwise as it ended (128 and the number of a signal)
 */
export function goToBackground(
  { file, signals }: Program,
  words: readonly string[],
  libc: Libc,
): Promise<number> {
  keepDescriptors(libc);
  const child = spawn(process.execPath, [...process.execArgv, SEALED, file, ...words], {
    detached: true,
    env: { ...process.env, [WAITING_VARIABLE]: String(process.pid) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const complaints = child.stderr;
  const readiness = child.stdio[READY_FD] as Readable;
  let passedOn: NodeJS.Signals | undefined;
  // Who stops us before it is ready means the daemon.
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
    // 'close', not 'exit': by then all that it complained of has been passed on.
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
