import type { NetIf } from '@ifdepd/netif';
import { until } from '@ifdepd/netlab';
import { expect } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';

/** Far more than it takes where the kernel is the first in a few cases of a hundred. */
const MOST_ROUNDS = 20;

/** A way to lose a source that carp0 depends on, in a window of the kernel. */
export interface Loss {
  /** Has the kernel hold back what it has to tell. Default: what the last round did is enough. */
  readonly open?: () => Promise<void>;
  readonly lose: () => void;
  readonly repair: () => void;
}

/**
 * Loses a source again and again until so many losses were read from its driver before the kernel reported them. Not each
 * one is: a second may be over just then, and the kernel the first to tell.
 */
export async function expectEarlyLosses(
  times: number,
  daemon: Daemon,
  netif: NetIf,
  loss: Loss,
): Promise<void> {
  let early = 0;
  for (let round = 0; round < MOST_ROUNDS && early < times; round += 1) {
    await loss.open?.();
    const before = daemon.earlyLoss.early;
    loss.lose();
    await until('carp0 to be down', () => !netif.flags('carp0').up);
    early += daemon.earlyLoss.early > before ? 1 : 0;
    loss.repair();
    await until('carp0 to be up', () => netif.flags('carp0').up);
  }
  expect(early).toBe(times);
}
