import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';

/** A process that prints lines. */
export interface LineProcess extends AsyncDisposable {
  readonly pid: number;
  /** The next line that it prints. Rejects if it ends. */
  next(): Promise<string>;
  say(line: string): void;
}

/** @param from the stream that it prints to */
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
      // When the first process of a namespace ends, the kernel kills all others in it.
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
    // It has ended already.
    return [];
  }
}
