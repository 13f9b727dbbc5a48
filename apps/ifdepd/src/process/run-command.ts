import { spawn } from 'node:child_process';
import { unprotect } from './oom-score.ts';

/** How a program ended. */
export interface CommandResult {
  readonly ok: boolean;
  /** `exit 0`, `exit 1`, `timed out after 1 s`, `killed by SIGTERM`, `cannot be run: ENOENT`. */
  readonly reason: string;
}

/** What is run. */
export interface Command {
  /** The program and its arguments; never seen by a shell. */
  readonly words: readonly string[];
  /** Added to a clean environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** A program that runs. */
export interface RunningCommand extends Disposable {
  /** Lets this process end before it does. */
  unref(): void;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs a program in a process group of its own, with nothing to read and nowhere to write, in /. The whole group is
 * killed when its time is up.
 *
 * @param done called once, unless disposed before
 * @returns ends it
 */
export function runCommand(
  { words, env, timeoutMs }: Command,
  done: (result: CommandResult) => void,
): RunningCommand {
  const [program = '', ...rest] = words;
  let over = false;
  const child = spawn(program, rest, {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? PATH, LANG: 'C.UTF-8', HOME: '/', ...env },
  });
  if (child.pid !== undefined) {
    unprotect(child.pid);
  }
  const limit = setTimeout(() => {
    kill();
    finish({ ok: false, reason: `timed out after ${timeoutMs / 1000} s` });
  }, timeoutMs);

  function kill(): void {
    try {
      if (child.pid !== undefined) {
        process.kill(-child.pid, 'SIGKILL');
      }
    } catch {
      // The group is gone already.
    }
  }

  function finish(result: CommandResult): void {
    clearTimeout(limit);
    if (!over) {
      over = true;
      done(result);
    }
  }

  child.once('error', (error) => {
    const code = 'code' in error ? String(error.code) : error.message;
    finish({ ok: false, reason: `cannot be run: ${code}` });
  });
  child.once('exit', (code, signal) => {
    const reason = signal === null ? `exit ${code}` : `killed by ${signal}`;
    finish({ ok: code === 0, reason });
  });

  return {
    unref() {
      child.unref();
      limit.unref();
    },
    [Symbol.dispose]() {
      clearTimeout(limit);
      if (!over) {
        over = true;
        kill();
      }
    },
  };
}
