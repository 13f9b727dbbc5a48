import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { lineProcess } from './process.ts';

/** What a process costs while nothing happens. */
export interface Footprint {
  readonly rssKiB: number;
  /** Private memory that was written. Clean pages of a file are private to a process that maps it alone. */
  readonly privateKiB: number;
  readonly threads: number;
  /** Clock ticks of processor time in the period. */
  readonly cpuTicks: number;
  readonly wakeUps: number;
  /** Milliseconds of processor time of its first thread. */
  readonly mainThreadMs: number;
}

/**
 * V8 collects garbage once it is idle: its memory reducer (src/heap/memory-reducer.h) checks every eight seconds
 * (kLongDelayMs), and then collects up to three times. A process that has slept for longer stays asleep.
 */
const ASLEEP_AFTER_MS = 10_000;

/** How much longer than requested a process may take for that. A process that never sleeps is measured as it is. */
const MOST_MS = 60_000;

/** Starts a process, waits until it sleeps, and measures it for a while. */
export async function footprint(
  command: readonly [string, ...string[]],
  settleMs: number,
  periodMs: number,
): Promise<Footprint> {
  await using running = lineProcess(command, 'stderr');
  await pause(settleMs);
  await untilAsleep(running.pid);
  const before = look(running.pid);
  await pause(periodMs);
  const after = look(running.pid);
  return { ...after, cpuTicks: after.cpuTicks - before.cpuTicks, wakeUps: after.wakeUps - before.wakeUps };
}

/** Waits until a process sleeps, and V8 has given back what it does not need. */
export async function untilAsleep(pid: number): Promise<void> {
  let { wakeUps } = look(pid);
  let since = performance.now();
  const end = since + MOST_MS;
  while (performance.now() < Math.min(since + ASLEEP_AFTER_MS, end)) {
    await pause(500);
    const now = look(pid).wakeUps;
    if (now !== wakeUps) {
      wakeUps = now;
      since = performance.now();
    }
  }
}

/** What a process has used so far. */
export function look(pid: number): Footprint {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  const number = (text: string, name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    rssKiB: number(status, 'VmRSS'),
    privateKiB: number(rollup, 'Private_Dirty'),
    threads: number(status, 'Threads'),
    cpuTicks: Number(user) + Number(system),
    wakeUps: number(status, 'voluntary_ctxt_switches'),
    mainThreadMs: Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6,
  };
}
