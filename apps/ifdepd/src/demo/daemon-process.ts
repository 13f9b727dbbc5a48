import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The daemon, as a process of its own. */
export interface DaemonProcess {
  /** Waits until it has decided for the first time. Rejects where it ends before. */
  readonly ready: Promise<void>;
  /** What it has said since the last call. */
  takeLines(): readonly string[];
  /** Asks it to stop, and waits. */
  stop(): Promise<number | null>;
}

/**
 * @param program the file of this program
 * @param words its arguments; -v is needed for it to say that it is ready
 */
export function daemonProcess(program: string, words: readonly string[]): DaemonProcess {
  const child = spawn(process.execPath, [...process.execArgv, program, ...words], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = end(child);
  let lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      lines.push(line);
      if (line.includes(': ready: ')) {
        resolve();
      }
    });
    void ended.then((code) =>
      reject(new Error(`the daemon ended with exit code ${code}: ${lines.join(' ')}`)),
    );
  });
  return {
    ready,
    takeLines() {
      const taken = lines;
      lines = [];
      return taken;
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function end(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}
