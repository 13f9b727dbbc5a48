import { readdirSync, readFileSync } from 'node:fs';

/** The cost of a process at one moment. */
export interface ProcessFacts {
  /** Resident memory, bytes. */
  readonly rss: number;
  /** Open descriptors. */
  readonly descriptors: number;
  /** Time it has been on a processor, user and system, milliseconds (in steps of a clock tick, 10). */
  readonly cpuMs: number;
}

/** USER_HZ: the unit of times in /proc on every architecture that Node runs on. */
const TICK_MS = 10;

/** @throws Node's own error if there is no such process */
export function processFacts(pid: number): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // proc_pid_stat(5): after the name in parentheses the fields go on with the third; utime is the 14th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    rss: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
  };
}
