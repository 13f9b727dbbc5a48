import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';

/** A process that speaks in lines. */
export interface LineProcess extends AsyncDisposable {
  readonly pid: number;
  /** The next line that it says. Rejects where it ends. */
  next(): Promise<string>;
  say(line: string): void;
}

/** @param from where it speaks */
export function lineProcess(command: readonly [string, ...string[]], from: 'stdout' | 'stderr'): LineProcess {
  const [program, ...words] = command;
  const child: ChildProcess = spawn(program, words, {
    stdio: ['pipe', from === 'stdout' ? 'pipe' : 'ignore', from === 'stderr' ? 'pipe' : 'inherit'],
  });
  const stream = from === 'stdout' ? child.stdout : child.stderr;
  if (stream === null) {
    throw new Error(`${program} has no ${from}`);
  }
  const reader: Interface = createInterface(stream);
  const lines = reader[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    pid: child.pid ?? -1,
    async next() {
      const { done, value } = await lines.next();
      if (done === true) {
        throw new Error(`${command.join(' ')} has ended`);
      }
      return value;
    },
    say: (line) => void child.stdin?.write(`${line}\n`),
    async [Symbol.asyncDispose]() {
      // The first process of a namespace that the command has made takes all others in it along.
      for (const pid of childrenOf(child.pid)) {
        process.kill(pid, 'SIGKILL');
      }
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function childrenOf(pid: number | undefined): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    // Ended by itself.
    return [];
  }
}
