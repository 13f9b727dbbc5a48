import { readFileSync } from 'node:fs';

/** Milliseconds of processor time of the first thread of a process. A busy machine does not lengthen that. */
export function processorMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}
