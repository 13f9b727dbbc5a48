import type { Guest } from '../machine/guest.ts';

/** What a process of the guest has taken so far. */
export interface Cost {
  /** When it was read, by the clock of the guest: milliseconds. */
  readonly atMs: number;
  /** Time on a processor, user and system: milliseconds, in steps of 10. */
  readonly cpuMs: number;
  /** How often its main thread has slept. */
  readonly wakeUps: number;
}

/** USER_HZ: the unit of times in /proc on every architecture that Node runs on. */
const TICK_MS = 10;

/** Reads proc_pid_stat(5) and proc_pid_status(5) in the guest. @throws {Error} where there is no such process */
export async function costOf(guest: Guest, pid: number): Promise<Cost> {
  const argv = ['cat', `/proc/${pid}/stat`, `/proc/${pid}/status`];
  const { status, output, error, atMs } = await guest.ask({ do: 'run', argv });
  const [, afterName = ''] = /^\d+ \(.*\) (.*)$/m.exec(output) ?? [];
  const [user, system] = afterName.split(' ').slice(11, 13);
  const [, sleeps] = /^voluntary_ctxt_switches:\s+(\d+)$/m.exec(output) ?? [];
  if (status !== 0 || sleeps === undefined) {
    throw new Error(`cannot read the cost of process ${pid} in the guest: ${error}`);
  }
  return { atMs, cpuMs: (Number(user) + Number(system)) * TICK_MS, wakeUps: Number(sleeps) };
}

/** The sum of several periods, each from its first reading to its last. */
export function costOfPeriods(periods: readonly (readonly [Cost, Cost])[]): Cost {
  const sum = (of: keyof Cost): number =>
    periods.reduce((total, [first, last]) => total + last[of] - first[of], 0);
  return { atMs: sum('atMs'), cpuMs: sum('cpuMs'), wakeUps: sum('wakeUps') };
}
