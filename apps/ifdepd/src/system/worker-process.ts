import { type ChildProcess, spawn } from 'node:child_process';
import { deserialize, serialize } from 'node:v8';
import { errorCode } from './directories.ts';
import { WORKER } from './early-signals.ts';
import { SEALED } from './inspector.ts';
import { realLoop } from './loop.ts';
import { version } from './version.ts';

/** Work for a process beside the daemon: it grows with the host or with the configuration. */
export type WorkerTask = 'examine' | 'load' | 'load-first' | 'programs';

/** Limits of a worker. */
export interface WorkerLimits {
  /** Milliseconds after which the worker is killed. */
  readonly timeMs: number;
  /** Bytes of an answer after which the worker is killed. */
  readonly bytes: number;
}

/** Why there is no answer. */
export class WorkerError extends Error {
  /** Whether this process may do the work itself: the worker could not be started, or has another version. */
  readonly notStarted: boolean;

  constructor(message: string, notStarted: boolean) {
    super(message);
    this.name = 'WorkerError';
    this.notStarted = notStarted;
  }
}

/** A running worker. */
export interface WorkerRun<Result> extends Disposable {
  /** Rejects with a {@link WorkerError}, also when the worker is disposed. */
  readonly result: Promise<Result>;
}

/** The answer of a worker, as a structured clone of V8. */
export interface WorkerAnswer {
  readonly version: string;
  readonly value: unknown;
}

/**
 * Runs work in another process of this program: the event loop of this one goes on, whatever the work costs.
 *
 * @param program the file of this program
 * @param input what {@link WorkerTask} takes; plain data, with Maps and Sets
 */
export function runInWorker<Result>(
  program: string,
  task: WorkerTask,
  input: unknown,
  limits: WorkerLimits,
): WorkerRun<Result> {
  let child: ChildProcess | null = null;
  const result = new Promise<Result>((resolve, reject) => {
    const fail = (reason: string, notStarted = false) => reject(new WorkerError(reason, notStarted));
    try {
      child = startWorker(program, [task], ['pipe', 'pipe', 'ignore']);
    } catch (error) {
      fail(`cannot start ${process.execPath}: ${errorCode(error) || String(error)}`, true);
      return;
    }
    const answer: Buffer[] = [];
    let bytes = 0;
    let tooMuch = '';
    const end = (reason: string) => {
      tooMuch = reason;
      child?.kill('SIGKILL');
    };
    const limit = realLoop.setTimer(() => end(`took longer than ${limits.timeMs / 1000} s`), limits.timeMs);
    child.stdout?.on('data', (piece: Buffer) => {
      bytes += piece.length;
      answer.push(piece);
      if (bytes > limits.bytes) {
        end(`answered with more than ${limits.bytes} bytes`);
      }
    });
    child.once('error', (error) => fail(`cannot start ${process.execPath}: ${errorCode(error)}`, true));
    child.once('close', (code, signal) => {
      realLoop.clearTimer(limit);
      if (code !== 0) {
        fail(tooMuch === '' ? `its process ended with ${signal ?? code}` : tooMuch);
        return;
      }
      const { version: theirs, value } = answerIn(Buffer.concat(answer));
      if (theirs === version) {
        resolve(value as Result);
      } else {
        fail(`the program on disk is of ${theirs}, this process of ${version}`, true);
      }
    });
    // A worker that ends before it has read its input is reported by its end.
    child.stdin?.on('error', () => {});
    child.stdin?.end(serialize(input));
  });
  return {
    result,
    [Symbol.dispose]() {
      child?.kill('SIGKILL');
    },
  };
}

/** Bytes that cannot be decoded count as the answer of another version. */
function answerIn(bytes: Buffer): WorkerAnswer {
  try {
    return deserialize(bytes) as WorkerAnswer;
  } catch {
    return { version: 'another version', value: null };
  }
}

/** @throws Node's own error where a process cannot be started */
export function startWorker(
  program: string,
  words: readonly [WorkerTask, ...string[]],
  stdio: ('pipe' | 'ignore' | 'ipc')[],
): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, SEALED, program, WORKER, ...words], {
    stdio,
    cwd: '/',
    // The compile cache is for the code of the daemon.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
}
