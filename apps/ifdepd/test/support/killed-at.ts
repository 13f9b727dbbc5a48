import { cpSync, rmSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';
import { type BsdHost, type BsdHostOptions, bsdHost, type System } from './bsd-host.ts';

/** A host whose daemon can be killed beside a call that changes something. */
export interface KillableHost extends BsdHost {
  /** From now on: the next call that changes something is the last that the daemon makes before or after it is killed. */
  killAt(decision: 'before' | 'after'): void;
  /** Starts the next daemon with what was in its files at the moment of the kill. */
  startAgain(config?: string): Promise<void>;
}

/** SIOCSIFFLAGS, SIOCSVH and SIOCSIFGATTR by group and number, whatever the size of their argument. */
const WRITES: readonly number[] = [0x6910, 0x69f5, 0x698c];

/**
 * A process cannot be killed here; what a kill leaves can be had: the kernel as the call has left it (or, before the call, as
 * it was), and the files as they were at that moment.
 */
export async function killableHost(system: System, options: BsdHostOptions = {}): Promise<KillableHost> {
  let at: 'before' | 'after' | null = null;
  let killed = false;
  let host: BsdHost | undefined;

  function call(change: () => number): number {
    if (killed) {
      return 0;
    }
    const decision = at;
    if (decision === null || host === undefined) {
      return change();
    }
    at = null;
    killed = true;
    if (decision === 'before') {
      cpSync(host.state, `${host.state}.then`, { recursive: true });
      return 0;
    }
    const result = change();
    cpSync(host.state, `${host.state}.then`, { recursive: true });
    return result;
  }

  const made = await bsdHost(system, {
    ...options,
    calls: (libc: Libc) => ({
      ioctl: (fd, request, argument) =>
        WRITES.includes(request & 0xffff)
          ? call(() => libc.ioctl(fd, request, argument))
          : libc.ioctl(fd, request, argument),
      sysctlbyname: (name, into, from) =>
        from === null ? libc.sysctlbyname(name, into, from) : call(() => libc.sysctlbyname(name, into, from)),
    }),
  });
  host = made;

  return Object.assign(made, {
    killAt(decision: 'before' | 'after') {
      at = decision;
    },
    async startAgain(config?: string) {
      await made.crash();
      rmSync(made.state, { recursive: true });
      cpSync(`${made.state}.then`, made.state, { recursive: true });
      killed = false;
      await made.start(config);
    },
  });
}
