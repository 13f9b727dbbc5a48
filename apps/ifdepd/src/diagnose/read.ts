import { readFileSync, readlinkSync } from 'node:fs';

/** The text of a file; '' where it cannot be read. */
export type Read = (path: string) => string;

/**
 * Reads files, and the targets of the links in /proc/PID/ns.
 *
 * @param root before every path
 */
export function reader(root: string): Read {
  return (path) => {
    try {
      return path.includes('/ns/')
        ? readlinkSync(`${root}${path}`)
        : readFileSync(`${root}${path}`, 'latin1');
    } catch {
      return '';
    }
  };
}

/** How many ancestors are examined: a shell, sudo, another shell, sshd. */
const MOST_ANCESTORS = 16;

/** A process and its ancestors, the eldest last; process 1 is not among them. */
export function withAncestors(read: Read, pid: number): readonly number[] {
  const found: number[] = [];
  let next = pid;
  while (next > 1 && found.length < MOST_ANCESTORS) {
    found.push(next);
    // PID (NAME) STATE PPID: the name may have any character.
    next = Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${next}/stat`))?.[1] ?? 0);
  }
  return found;
}

/**
 * Whether processes are in the network namespace of the main thread; true where that cannot be read.
 *
 * @param pids the first one whose namespace can be read counts
 */
export function inOurNamespace(read: Read, pids: readonly number[]): boolean {
  const own = read('/proc/thread-self/ns/net');
  const other = pids.map((pid) => read(`/proc/${pid}/ns/net`)).find((namespace) => namespace !== '');
  return own === '' || other === undefined || own === other;
}
