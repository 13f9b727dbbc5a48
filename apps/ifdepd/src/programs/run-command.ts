import { type ChildProcess, spawn } from 'node:child_process';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { errorCode } from '../system/directories.ts';
import { realLoop, type Timer } from '../system/loop.ts';
import { killRun, RUN_VARIABLE } from './descendants.ts';
import { errorOutput } from './error-output.ts';
import { unprotect } from './oom-score.ts';

/** How a program ended. */
export interface CommandResult {
  readonly ok: boolean;
  /** What the program did: `exited 1`, `timed out after 1 s`, `cannot be run: ENOENT`; with the last line of its errors. */
  readonly reason: string;
  /** Whether the program was being written: ETXTBSY. Left out where it was not. */
  readonly busy?: true;
  /** The last line of its standard output, where that was asked for. */
  readonly printed?: string;
}

/** The command to run. */
export interface Command {
  /** The program and its arguments; never seen by a shell. */
  readonly words: readonly string[];
  /** Added to a clean environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Whether what it leaves running when it ends is killed. What it leaves at a timeout always is. */
  readonly leavesNothing: boolean;
  /** Whether the last line of its standard output is wanted. Default: it goes nowhere */
  readonly prints?: true;
}

/**
 * Runs a program.
 *
 * @param done called once, later, unless disposed before: also where the program cannot be started
 * @returns ends it, with all that it has started
 */
export type RunCommand = (command: Command, done: (result: CommandResult) => void) => Disposable;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs of this process so far: each has a name of its own. */
let runs = 0;

/** Loaded with the first program that is run. */
let libc: Libc | undefined;

/**
 * A {@link RunCommand}: runs a program in a session of its own, with nothing to read, in /. All that it has started is killed
 * when its time is up, and when it is disposed.
 */
export function runCommand(
  { words, env, timeoutMs, leavesNothing, prints }: Command,
  done: (result: CommandResult) => void,
) {
  const [program = '', ...rest] = words;
  runs += 1;
  const run = `${process.pid}-${runs}`;
  const errors = openOutput();
  const output = prints === true ? openOutput() : null;
  let child: ChildProcess | null = null;
  let over = false;
  let limit: Timer | undefined;

  /** @param whole whether the program itself still has its number */
  function killAll(whole: boolean): void {
    if (child?.pid !== undefined) {
      killRun(whole ? child.pid : null, run);
    }
  }

  function finish(ok: boolean, words: string, busy = false): void {
    realLoop.clearTimer(limit);
    if (!over) {
      over = true;
      const line = errors?.end() ?? '';
      done({
        ok,
        reason: line === '' ? words : `${words}: "${line}"`,
        ...(busy && { busy }),
        ...(prints === true && { printed: output?.end() ?? '' }),
      });
    }
  }

  function fail(error: unknown): void {
    const code = errorCode(error) || String(error);
    finish(false, `cannot be run: ${code}`, code === 'ETXTBSY');
  }

  try {
    child = spawn(program, rest, {
      detached: true,
      stdio: ['ignore', output?.fd ?? 'ignore', errors?.fd ?? 'ignore'],
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? PATH, LANG: 'C.UTF-8', HOME: '/', ...env, [RUN_VARIABLE]: run },
    });
    child.on('error', fail);
    child.once('exit', (code, signal) => {
      if (leavesNothing && !over) {
        killAll(false);
      }
      finish(code === 0, signal === null ? `exited ${code}` : `was killed by ${signal}`);
    });
    if (child.pid !== undefined) {
      unprotect(child.pid);
      limit = realLoop.setTimer(() => {
        killAll(true);
        finish(false, `timed out after ${timeoutMs / 1000} s`);
      }, timeoutMs);
    }
  } catch (error) {
    // Node throws some errors at once (ETXTBSY, ENOTDIR, ELOOP, E2BIG, ENOMEM …) and emits others later: both end here.
    realLoop.defer(() => fail(error));
  } finally {
    errors?.handedOver();
    output?.handedOver();
  }

  return {
    /** Lets this process end before the program does. */
    unref(): void {
      child?.unref();
      limit?.unref();
      errors?.[Symbol.dispose]();
      output?.[Symbol.dispose]();
    },
    [Symbol.dispose](): void {
      realLoop.clearTimer(limit);
      if (!over) {
        over = true;
        killAll(true);
        errors?.[Symbol.dispose]();
        output?.[Symbol.dispose]();
      }
    },
  };
}

/** Where no descriptor is left for it, the program runs all the same, if it can. */
function openOutput() {
  try {
    libc ??= loadLibc();
    return errorOutput(libc);
  } catch {
    return null;
  }
}
