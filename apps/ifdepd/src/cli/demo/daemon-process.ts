import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SEALED } from '../../system/inspector.ts';
import { realLoop } from '../../system/loop.ts';

/** The daemon in another process. */
export type DaemonProcess = ReturnType<typeof daemonProcess>;

/**
 * Starts the daemon.
 *
 * @param program the file of this program
 * @param args its arguments; it reports that it is ready only with -v
 */
export function daemonProcess(program: string, args: readonly string[]) {
  const child = spawn(process.execPath, [...process.execArgv, SEALED, program, ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
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
    /** Resolves after its first decision. Rejects where it ends before. */
    ready,
    /** Waits until it is idle: it warms up after its start. */
    settled: (): Promise<void> => untilIdle(child.pid ?? process.pid),
    /** Its log lines since the last call. */
    takeLines(): readonly string[] {
      const taken = lines;
      lines = [];
      return taken;
    },
    /** Asks it to stop, and waits. */
    stop(): Promise<number | null> {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Milliseconds without processor time after which a process counts as idle. */
const REST_MS = 200;

/** The demo goes on after this many looks at a process that is never idle. */
const LOOKS = 20;

async function untilIdle(pid: number): Promise<void> {
  let used = '';
  for (let look = 0; look < LOOKS; look += 1) {
    const before = used;
    used = processorTime(pid);
    if (used === before) {
      return;
    }
    await new Promise<void>((resolve) => realLoop.setTimer(resolve, REST_MS));
  }
}

/** utime and stime of proc_pid_stat(5). */
function processorTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .join(' ');
}
