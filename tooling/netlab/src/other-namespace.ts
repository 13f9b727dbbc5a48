import { spawn, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { until } from './until.ts';

/** A network namespace of its own, until it is disposed of. */
export interface OtherNamespace extends Disposable {
  /** A process in it: `ip link add … netns PID`. */
  readonly pid: number;
  /** Runs a program there. @returns what it printed */
  run(command: string, ...words: readonly string[]): string;
  /** Starts a program of Node there, and waits for the first line that it prints. */
  serve(program: string): Promise<Disposable>;
}

/** Makes a network namespace beside this one. */
export async function otherNamespace(): Promise<OtherNamespace> {
  const holder = spawn('unshare', ['-n', 'sleep', '3600'], { stdio: 'ignore' });
  const pid = holder.pid as number;
  const here = readlinkSync('/proc/self/ns/net');
  await until('another network namespace', () => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) !== here;
    } catch {
      return false;
    }
  });
  return {
    pid,
    run(command, ...words) {
      const inside = ['-t', `${pid}`, '-n', command, ...words];
      const { status, stdout, stderr } = spawnSync('nsenter', inside, { encoding: 'utf8' });
      if (status !== 0) {
        throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
      }
      return stdout;
    },
    async serve(program) {
      const server = spawn('nsenter', ['-t', `${pid}`, '-n', process.execPath, '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => server.stdout.once('data', resolve));
      return { [Symbol.dispose]: () => void server.kill() };
    },
    [Symbol.dispose]: () => void holder.kill(),
  };
}
