import type { ChildProcess } from 'node:child_process';
import { startWorker } from '../system/worker-process.ts';
import { lines } from './lines.ts';
import { unprotect } from './oom-score.ts';
import { type Command, type CommandResult, type RunCommand, runCommand } from './run-command.ts';

/** What the worker is sent, one JSON object a line. */
export type WorkerRequest = { readonly run: number; readonly command: Command } | { readonly end: number };

/** What it answers, likewise. */
export interface WorkerReply extends CommandResult {
  readonly run: number;
}

/** So many workers in a row that end without an answer: from then on this process starts programs itself. */
const MOST_FAILURES = 3;

/** A program that runs, or is to run. */
interface Waiting {
  readonly command: Command;
  readonly done: (result: CommandResult) => void;
}

/**
 * Runs programs in another process of ours: to start one takes Node about a millisecond, in which no event of an interface is
 * read. The worker is started with the first program and ends with this process, together with all that it runs. What a
 * worker that is killed has not finished runs again, in this process.
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
    worker?.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  function start(): void {
    try {
      const child = startWorker(file, 'programs');
      worker = child;
      if (child.pid !== undefined) {
        unprotect(child.pid);
      }
      child.stdout?.on('data', lines(answered));
      child.stdin?.on('error', () => {});
      child.on('error', () => ended(child));
      child.once('close', () => ended(child));
    } catch {
      worker = null;
      failures += 1;
    }
  }

  function answered(line: string): void {
    const { run, ...result } = JSON.parse(line) as WorkerReply;
    failures = 0;
    const one = waiting.get(run);
    waiting.delete(run);
    one?.done(result);
  }

  function ended(child: ChildProcess): void {
    if (worker !== child) {
      return;
    }
    worker = null;
    failures += 1;
    for (const [run, one] of closed ? [] : waiting) {
      here(run, one);
    }
  }

  /** Runs a program in this process. */
  function here(run: number, { command, done }: Waiting): void {
    waiting.delete(run);
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
      const one = { command, done };
      if (worker === null && failures < MOST_FAILURES) {
        start();
      }
      if (worker === null) {
        here(run, one);
      } else {
        waiting.set(run, one);
        send({ run, command });
      }
      return {
        [Symbol.dispose]() {
          if (waiting.delete(run)) {
            send({ end: run });
          }
          ownRuns.get(run)?.[Symbol.dispose]();
          ownRuns.delete(run);
        },
      };
    },
    [Symbol.dispose]() {
      closed = true;
      waiting.clear();
      worker?.stdin?.end();
      worker?.unref();
    },
  };
}
