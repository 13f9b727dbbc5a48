import { readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { deserialize, serialize } from 'node:v8';
import { type Libc, loadLibc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import type { EarlySignals } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';
import { version } from '../system/version.ts';
import type { WorkerAnswer } from '../system/worker-process.ts';

/** The first to go where memory runs out: proc_pid_oom_score_adj(5). */
const FIRST_TO_GO = '1000';

/**
 * Does the work that a daemon has sent to our standard input, and answers on standard output.
 *
 * @param task a `WorkerTask`
 * @param signals those that were caught so far
 * @returns the exit code
 */
export async function runWorker(task: string | undefined, signals: EarlySignals): Promise<number> {
  if (task === 'programs') {
    const { servePrograms } = await import('../programs/serve-programs.ts');
    await servePrograms();
    return ExitCode.ok;
  }
  await signals.release();
  endWithParent(loadLibc());
  yieldToOthers();
  const input: unknown = deserialize(readFileSync(0));
  const answer: WorkerAnswer = { version, value: await work(task, input) };
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(serialize(answer), (error) => (error == null ? resolve() : reject(error)));
  });
  return ExitCode.ok;
}

/** The input is what our own parent has sent. */
async function work(task: string | undefined, input: unknown): Promise<unknown> {
  switch (task) {
    case 'examine':
      return (await import('../diagnose/examine.ts')).examine(input as Settings);
    case 'load':
      return (await import('../config/load-aside.ts')).load(input as string);
    default:
      throw new TypeError(`no such work: ${task}`);
  }
}

/** Nobody waits for the answer once the daemon has ended, however it ended. */
function endWithParent(libc: Libc): void {
  const { subreaper } = libc.target;
  if (subreaper !== null) {
    libc.prctl(subreaper.PR_SET_PDEATHSIG, constants.signals.SIGKILL);
  }
}

/** The daemon, and what it was started for, come first: for the processor, and where memory runs out. */
function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    writeFileSync('/proc/self/oom_score_adj', FIRST_TO_GO);
  } catch {
    // No procfs: nothing that the work needs.
  }
}
