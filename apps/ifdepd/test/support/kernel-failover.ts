import { loadLibc } from '@ifdepd/libc';
import { openRing } from '@ifdepd/libc/linux';
import { until } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import type { Daemon, DaemonOptions } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { type Host, host } from './host.ts';
import { quietLog } from './quiet-log.ts';

/** Long past any scheduling: something is wrong then. */
const PATIENCE_MS = 60_000;

/** Two gateways' worth: both destinations need both sources. */
export const gateway: PolicyConfig = {
  groups: { cli: { require: { all: ['em0', 'em1'] }, destinations: ['carp0', 'carp1'] } },
};

/** The interfaces of {@link gateway}. */
export type Lab = Host<'em0' | 'em1' | 'carp0' | 'carp1'>;

/** The interfaces of {@link gateway}, in a new namespace. */
export const lab = (): Lab => host('em0', 'em1', 'carp0', 'carp1');

/** Whether this system has what a kernel failover takes. */
export function hasRing(): boolean {
  using ring = openRing(loadLibc(), 1);
  return ring !== null;
}

/** A daemon with a kernel failover, in this process. */
export function start(options: Partial<DaemonOptions> = {}): Daemon {
  return startDaemon({ policy: gateway, log: quietLog, kernelFailover: true, ...options });
}

/** Waits until calls for so many sources are armed. */
export async function armed(of: Daemon, sources: number): Promise<void> {
  await until(`${sources} sources to be armed`, () => of.kernelFailover?.armed === sources);
}

/** Waits until calls for the repair of so many sources are armed. */
export async function repairsArmed(of: Daemon, sources: number): Promise<void> {
  await until(
    `the repair of ${sources} sources to be armed`,
    () => of.kernelFailover?.armedRepairs === sources,
  );
}

/** Turns of the event loop after which everything that is to be armed is. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Waits without letting the event loop have its turn. */
export function holdTheLoop(what: string, condition: () => boolean): void {
  const end = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
  }
}
