import type { ChildProcess } from 'node:child_process';
import { realLoop, type Timer } from '../system/loop.ts';
import { version } from '../system/version.ts';
import { startWorker } from '../system/worker-process.ts';
import { killRun } from './descendants.ts';
import { unprotect } from './oom-score.ts';
import { type Command, type CommandResult, type RunCommand, runCommand } from './run-command.ts';

/** A request to the worker. */
export type WorkerRequest = { readonly run: number; readonly command: Command } | { readonly end: number };

/** Its answer. */
export interface WorkerReply extends CommandResult {
  readonly run: number;
}

/** After this many workers in a row that end without an answer, this process starts programs itself. */
const MOST_FAILURES = 3;

/** Milliseconds after the timeout of a program at which a worker that has not answered is killed. */
const LATE_MS = 5000;

/** A program that runs, or is to run. */
interface Waiting {
  readonly command: Command;
  readonly done: (result: CommandResult) => void;
  readonly late: Timer;
}

/**
 * Runs programs in another process of ours: to start one takes Node about a millisecond, in which no event of an interface is
 * read. The worker is started with the first program and ends with this process, together with all that it runs. What a
 * worker that is killed has not finished is killed as well and runs again, in this process. So it does where a worker hangs,
 * or is of another version since an upgrade.
 *
 * @param file the file of this program
 */
export function programWorker(file: string): { readonly run: RunCommand } & Disposable {
  const waiting = new Map<number, Waiting>();
  /** Of programs that this process runs itself. */
  const ownRuns = new Map<number, Disposable>();
  let runs = 0;
  let worker: ChildProcess | null = null;
  let failures = 0;
  let closed = false;

  function send(request: WorkerRequest): void {
    // A worker that has ended is reported by its end.
    worker?.send(request, () => {});
  }

  function start(): void {
    try {
      const child = startWorker(file, ['programs', version], ['ignore', 'ignore', 'ignore', 'ipc']);
      worker = child;
      if (child.pid !== undefined) {
        unprotect(child.pid);
      }
      child.on('message', (reply) => answered(reply as WorkerReply));
      child.on('error', () => ended(child));
      child.once('close', () => ended(child));
    } catch {
      worker = null;
      failures += 1;
    }
  }

  function answered({ run, ...result }: WorkerReply): void {
    failures = 0;
    take(run)?.done(result);
  }

  /** Waits for the answer to a run no longer. */
  function take(run: number): Waiting | undefined {
    const one = waiting.get(run);
    waiting.delete(run);
    realLoop.clearTimer(one?.late);
    return one;
  }

  function ended(child: ChildProcess): void {
    if (worker !== child) {
      return;
    }
    worker = null;
    failures += 1;
    // Its programs are orphans now, and children of this process.
    killRun(null, (value) => value.startsWith(`${child.pid}-`));
    for (const [run, one] of closed ? [] : waiting) {
      here(run, one);
    }
  }

  /** Runs a program in this process. */
  function here(run: number, { command, done }: Pick<Waiting, 'command' | 'done'>): void {
    take(run);
    ownRuns.set(
      run,
      runCommand(command, (result) => {
        ownRuns.delete(run);
        done(result);
      }),
    );
  }

  return {
    run(command, done) {
      runs += 1;
      const run = runs;
      if (worker === null && failures < MOST_FAILURES) {
        start();
      }
      if (worker === null) {
        here(run, { command, done });
      } else {
        const late = realLoop.setTimer(() => worker?.kill('SIGKILL'), command.timeoutMs + LATE_MS).unref();
        waiting.set(run, { command, done, late });
        send({ run, command });
      }
      return {
        [Symbol.dispose]() {
          if (take(run) !== undefined) {
            send({ end: run });
          }
          ownRuns.get(run)?.[Symbol.dispose]();
          ownRuns.delete(run);
        },
      };
    },
    [Symbol.dispose]() {
      closed = true;
      for (const run of waiting.keys()) {
        take(run);
      }
      if (worker?.connected === true) {
        worker.disconnect();
      }
      worker?.unref();
    },
  };
}
