import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { turns, until } from '@ifdepd/netlab';
import { EMULATED } from '@ifdepd/vitest-preset/patience';
import { afterAll, expect } from 'vitest';

/** The program as it is installed. */
export const program: string = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

/** Where the daemons of this test file keep their sockets, locks and journals: never where those of the host do. */
export const home: string = mkdtempSync(join(tmpdir(), 'ifdepd-home-'));
// A worker of the test runner is killed in the end, and does not hear of its exit.
afterAll(() => {
  const held = loops
    .longest()
    .filter(({ longestMs, since }) => since === 'ready' && longestMs > LONGEST_TURN_MS);
  rmSync(home, { recursive: true, force: true });
  expect(held, `event loops that stood still for more than ${LONGEST_TURN_MS} ms`).toEqual([]);
});
/** The event loop of each {@link daemon} of this file is watched. */
const loops = turns(join(home, 'turns'));
/** Milliseconds of processor time that a daemon may take from one look at its events to the next. */
export const LONGEST_TURN_MS: number = 50 * EMULATED;
/** The control socket that a daemon has when none is named. */
export const socket: string = join(home, 'ifdepd.sock');
const directories = { RUNTIME_DIRECTORY: home, STATE_DIRECTORY: home };

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the program in the namespace of this one. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  /** What it has said on standard error so far, line by line. */
  readonly lines: readonly string[];
  /** What it has said on standard output so far. */
  readonly output: string;
  readonly ended: Promise<Ended>;
  /** The end of the process alone: its outputs may be open still. */
  readonly exited: Promise<Pick<Ended, 'code' | 'signal'>>;
  /** Waits for a line. */
  line(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Closes our end of its outputs. */
  closeOutput(): void;
  /** Reads no more of its outputs, which stay open. */
  stopReading(): void;
}

/** What a run may have that differs from this process. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A program and its words to run it under. */
  readonly under?: readonly string[];
  readonly node?: string;
  /** Options of node. */
  readonly nodeOptions?: readonly string[];
  /** Another copy of the program. */
  readonly program?: string;
  readonly cwd?: string;
  /** What it has open besides: by their place after the standard ones, a descriptor of this process. */
  readonly descriptors?: readonly (number | 'ignore')[];
  /** Where its errors go. Default: to this process. */
  readonly stderr?: 'ignore';
}

/** Milliseconds: the longest turn of the event loop of a {@link daemon} since it was ready; 0 for less than 10. */
export function longestTurnOf(pid: number): number {
  return loops.longest().find((one) => one.pid === pid)?.longestMs ?? 0;
}

/** Starts `ifdepd` with these words. */
export function run(words: readonly string[], options: RunOptions = {}): Running {
  if (!existsSync(program)) {
    throw new Error(`${program} is not there: npm run build`);
  }
  const [command = process.execPath, ...rest] = [
    ...(options.under ?? []),
    options.node ?? process.execPath,
    ...(options.nodeOptions ?? []),
    options.program ?? program,
    ...words,
  ];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', options.stderr ?? 'pipe', ...(options.descriptors ?? [])],
    env: { ...process.env, ...directories, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return running(child);
}

/** Runs it to its end. */
export function runToEnd(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(words, options).ended;
}

function running(child: ChildProcess): Running {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let over = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      over = true;
      resolve({ code, signal, stdout, stderr });
    });
  });
  const exited = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const lines = () => stderr.split('\n').slice(0, -1);
  return {
    pid: child.pid ?? -1,
    get lines() {
      return lines();
    },
    get output() {
      return stdout;
    },
    ended,
    exited,
    line(pattern) {
      return until(
        () => `a line like ${pattern} in:\n${stderr}`,
        () => {
          const line = lines().find((text) => pattern.test(text));
          if (line === undefined && over) {
            throw new Error(`it ended without a line like ${pattern}; it said:\n${stderr}`);
          }
          return line;
        },
      );
    },
    signal(signal) {
      child.kill(signal);
    },
    closeOutput() {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    stopReading() {
      child.stdout?.pause();
      child.stderr?.pause();
    },
    async [Symbol.asyncDispose]() {
      child.stdout?.resume();
      child.stderr?.resume();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts a daemon with -v and waits until it has decided for the first time. */
export async function daemon(words: readonly string[], options: RunOptions = {}): Promise<Running> {
  const started = run(['-v', ...words], {
    ...options,
    nodeOptions: [...loops.options, ...(options.nodeOptions ?? [])],
    env: { ...loops.env, ...options.env },
  });
  await started.line(/: ready: /);
  return started;
}
