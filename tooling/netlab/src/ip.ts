import { spawnSync } from 'node:child_process';
import { release } from 'node:os';

/**
 * Runs ip(8) and waits for it.
 *
 * @returns what it printed
 * @throws {Error} with its message if it fails, or with how to install it if it is missing
 */
export function ip(...words: readonly string[]): string {
  return run('ip', words);
}

/** Runs many ip(8) commands, one a line, in one process, so that a large lab does not take a process for each link. */
export function ipBatch(lines: readonly string[]): string {
  return run('ip', ['-batch', '-'], `${lines.join('\n')}\n`);
}

function run(command: string, words: readonly string[], input?: string): string {
  const { error, status, stdout, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
  if (error !== undefined) {
    throw new Error(`cannot run ${command}(8): ${error.message}. On Debian: apt-get install iproute2`, {
      cause: error,
    });
  }
  if (status !== 0) {
    throw new Error(`${command} ${words.join(' ')}: exit ${status}: ${stderr.trim()}`);
  }
  return stdout;
}

/** Gives an interface that is up another name. Linux before 6.2 takes it only while the interface is down. */
export function rename(from: string, to: string): void {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const live = major > 6 || (major === 6 && minor >= 2);
  if (!live) {
    ip('link', 'set', from, 'down');
  }
  ip('link', 'set', from, 'name', to);
  if (!live) {
    ip('link', 'set', to, 'up');
  }
}
