import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';

/** A daemon as a child process, in the same network namespace, with its own directories. */
export interface DaemonProcess {
  readonly pid: number;
  /** Its last lines. */
  readonly lines: readonly string[];
  /** True once it has ended. */
  readonly over: boolean;
  signal(signal: NodeJS.Signals): void;
  /** Waits until it has ended. @returns its exit code, null where a signal ended it */
  ended(): Promise<number | null>;
}

/** Where daemons keep sockets, locks and journals. */
export interface Home extends Disposable {
  readonly folder: string;
  readonly socket: string;
}

export function home(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-faults-'));
  return {
    folder,
    socket: join(folder, 'ifdepd.sock'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** How many of its last lines are kept. */
const LINES = 200;

/** What is loaded into a daemon before its first line. */
export interface Preload {
  /** Options of node. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a daemon and waits for its first decision.
 *
 * @param program the file of the daemon
 * @param words its arguments
 */
export async function startProcess(
  program: string,
  words: readonly string[],
  { folder, socket }: Home,
  { options, env }: Preload = { options: [], env: {} },
): Promise<DaemonProcess> {
  const child = spawn(process.execPath, [...options, program, '-v', '-s', socket, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...env,
      RUNTIME_DIRECTORY: folder,
      STATE_DIRECTORY: folder,
    },
  });
  const lines: string[] = [];
  let rest = '';
  let ready = false;
  let code: number | null | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    lines.splice(0, lines.length - LINES);
    ready ||= parts.some((line) => line.includes(': ready: '));
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (status) => {
      code = status;
      resolve(status);
    });
  });
  await until(
    () => `the daemon to be ready; it said:\n${lines.join('\n')}`,
    () => {
      if (code !== undefined) {
        throw new Error(`the daemon ended with ${code}; it said:\n${lines.join('\n')}`);
      }
      return ready;
    },
  );
  return {
    pid: child.pid ?? -1,
    lines,
    get over() {
      return code !== undefined;
    },
    signal: (signal) => void child.kill(signal),
    ended: () => ended,
  };
}
