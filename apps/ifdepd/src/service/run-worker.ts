import { readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { deserialize, serialize } from 'node:v8';
import { type Libc, loadLibc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import type { EarlySignals } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';
import { version } from '../system/version.ts';
import type { WorkerAnswer } from '../system/worker-process.ts';

/** The first process to be killed where memory runs out: proc_pid_oom_score_adj(5). */
const FIRST_TO_BE_KILLED = '1000';

/**
 * Does the work that a daemon sends to standard input, and answers on standard output; `programs` has a channel of its own.
 *
 * @param words a `WorkerTask`; for `programs` also the version that the daemon expects
 * @param signals signals that were caught so far
 * @returns the exit code
 */
export async function runWorker([task, expected]: readonly string[], signals: EarlySignals): Promise<number> {
  if (task === 'programs') {
    if (expected !== version) {
      return ExitCode.unavailable;
    }
    const { servePrograms } = await import('../programs/serve-programs.ts');
    await servePrograms();
    return ExitCode.ok;
  }
  await signals.release();
  endWithParent(loadLibc());
  if (task !== 'load-first') {
    yieldToOthers();
  }
  const input: unknown = deserialize(readFileSync(0));
  const answer: WorkerAnswer = { version, value: await work(task, input) };
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(serialize(answer), (error) => (error == null ? resolve() : reject(error)));
  });
  return ExitCode.ok;
}

/** @param input from our own parent: trusted to have the right shape */
async function work(task: string | undefined, input: unknown): Promise<unknown> {
  switch (task) {
    case 'examine':
      return (await import('../diagnose/examine.ts')).examine(input as Settings);
    case 'load':
    case 'load-first':
      return (await import('../config/load-aside.ts')).load(input as string);
    default:
      throw new TypeError(`no such work: ${task}`);
  }
}

/** Has the kernel kill this process when the daemon ends: only the daemon reads the answer. */
function endWithParent(libc: Libc): void {
  const { subreaper } = libc.target;
  if (subreaper !== null) {
    libc.prctl(subreaper.PR_SET_PDEATHSIG, constants.signals.SIGKILL);
  }
}

/** Gives the daemon and all other processes precedence: for the processor, and where memory runs out. */
function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    writeFileSync('/proc/self/oom_score_adj', FIRST_TO_BE_KILLED);
  } catch {
    // No procfs: the work does not need it.
  }
}
