import { readdirSync, readFileSync } from 'node:fs';
import { until } from '@ifdepd/netlab';

/** Processes that have this word among their words, as strings. */
export function processesWith(word: string): readonly string[] {
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && textOf(pid, 'cmdline').split('\0').includes(word),
  );
}

/** Children of a process that have ended and that it has not collected. */
export function zombiesOf(parent: number): readonly string[] {
  return readdirSync('/proc').filter((pid) =>
    textOf(pid, 'status').match(new RegExp(`^State:\\s+Z[^]*^PPid:\\s+${parent}$`, 'm')),
  );
}

/** '' where the process is gone. */
function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Waits until a process that was sent SIGSTOP is stopped. */
export async function stopped(pid: number): Promise<void> {
  await until(`process ${pid} to be stopped`, () => /^State:\s+T/m.test(textOf(String(pid), 'status')));
}
