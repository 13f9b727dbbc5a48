import { readFileSync } from 'node:fs';
import { errorCode } from './directories.ts';
import { realLoop } from './loop.ts';

/**
 * Identifies a process: process ids are used again, but not with the same start time.
 *
 * @returns `PID START`; the start is 0 where the system does not show it
 */
export function identityOf(pid: number): string {
  return `${pid} ${startOf(pid)}`;
}

/** The pid of an identity whose process is alive; null where it is gone, or the text is no identity. */
export function livingPid(identity: string): number | null {
  const match = /^(?<pid>[1-9]\d{0,9}) (?<start>\d+)$/.exec(identity.trim())?.groups;
  const pid = Number(match?.['pid']);
  if (match === undefined || !isAlive(pid)) {
    return null;
  }
  const start = startOf(pid);
  return start === '0' || match['start'] === '0' || start === match['start'] ? pid : null;
}

/** Field 22 of /proc/PID/stat, in ticks since the system started; '0' where the system does not show it. */
function startOf(pid: number): string {
  return statOf(pid)?.[19] ?? '0';
}

/**
 * The fields of a process from its state and its parent on, as proc(5) has them in stat; null where it is gone.
 *
 * @param processes where processes have directories
 */
export function statOf(pid: number, processes = '/proc'): readonly string[] | null {
  try {
    const stat = readFileSync(`${processes}/${pid}/stat`, 'latin1');
    // PID (NAME) STATE PARENT …: the name may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Field 22 counts in hundredths of a second on every architecture that Node runs on (USER_HZ). */
const TICK_MS = 10;

/** Milliseconds of uncertainty: /proc/uptime has hundredths of a second, and is read after the clock. */
const UNSURE_MS = 20;

/**
 * Whether a process began after a moment; false where the system does not show when it began.
 *
 * @param moment milliseconds since 1970, as of a file
 */
export function startedAfter(pid: number, moment: number): boolean {
  const ticks = Number(startOf(pid));
  if (ticks === 0) {
    return false;
  }
  try {
    const uptimeMs = Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * 1000;
    return realLoop.wallNow() - uptimeMs + ticks * TICK_MS > moment + UNSURE_MS;
  } catch {
    return false;
  }
}

/** Whether a process of any user runs. A zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return !['Z', 'X'].includes(statOf(pid)?.[0] ?? '');
}
