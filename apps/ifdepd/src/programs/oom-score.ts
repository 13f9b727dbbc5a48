import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostTarget } from '@ifdepd/libc';

/**
 * Takes from a program that we have started what may protect this daemon from being killed when memory runs out
 * (oom_score_adj, OOMScoreAdjust of systemd): a check that eats the memory of a gateway has to go before anything else.
 *
 * After it is started: to give our own protection up for that moment would leave us without it while we fork. What the
 * program has itself started by then keeps it.
 *
 * @param processes default: that of this system
 */
export function unprotect(pid: number, processes: string | null = hostTarget().processDirectory): void {
  if (processes === null) {
    return;
  }
  const scoreOf = (process: string) => join(processes, process, 'oom_score_adj');
  try {
    if (Number(readFileSync(scoreOf('self'), 'latin1')) < 0) {
      writeFileSync(scoreOf(String(pid)), '0');
    }
  } catch {
    // It has ended already, or there is no procfs.
  }
}
