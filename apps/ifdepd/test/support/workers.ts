import { readFileSync } from 'node:fs';

/** The processes that do some work beside a daemon. */
export function workers(pid: number, task: 'examine' | 'load'): readonly string[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return children.filter((child) => textOf(`/proc/${child}/cmdline`).endsWith(`\0worker\0${task}\0`));
}

/** The text of a file; '' where it is gone. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
