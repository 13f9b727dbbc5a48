import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

/** How often a thread has gone to sleep by itself: once for each time that it was woken. */
function wakeUpsOf(statusFile: string): number {
  return Number(/^voluntary_ctxt_switches:\t(\d+)$/m.exec(readFileSync(statusFile, 'latin1'))?.[1]);
}

/** The same of all threads of a process. */
function wakeUps(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + wakeUpsOf(`/proc/${pid}/task/${task}/status`), 0);
}

/** Milliseconds after `ready` in which V8 compiles and collects what the start has left behind. */
const TIDYING_MS = 10_000;

/** Milliseconds in which the wake-ups of the main thread are counted. */
const COUNTED_MS = 10_000;

/** Wake-ups in that time: a collection takes some ten, and one or two come late on a slow machine. A busy daemon has 77. */
const MOST_WAKE_UPS = 30;

/** Milliseconds in which any poller would wake. */
const QUIET_MS = 3000;

/** The main thread, four of V8, one that keeps its time, one that waits for a debugger, and the pool of libuv. */
const MOST_THREADS = 7 + 4;

/** It waits for 20 s, and for silence after that: more than a test may take without a time limit of its own. */
const LIMIT_MS = 300_000;

test('an idle daemon: its main thread sleeps from 10 s after the start on, then all threads do, and a loss wakes it', {
  timeout: LIMIT_MS,
}, async () => {
  using lab = host('em0', 'bge0', 'carp0', 'carp1');
  await using running = await daemon(['-S', 'em0:bge0', '-D', 'carp0:carp1']);
  await pause(TIDYING_MS);
  const before = wakeUpsOf(`/proc/${running.pid}/status`);
  await pause(COUNTED_MS);
  expect(wakeUpsOf(`/proc/${running.pid}/status`) - before).toBeLessThanOrEqual(MOST_WAKE_UPS);

  const counts: number[] = [];
  for (let periods = 0; periods < 8 && counts.at(-1) !== 0; periods += 1) {
    const counted = wakeUps(running.pid);
    await pause(QUIET_MS);
    counts.push(wakeUps(running.pid) - counted);
  }
  expect(counts.at(-1), `wake-ups in each period of ${QUIET_MS} ms: ${counts.join(', ')}`).toBe(0);
  expect(readdirSync(`/proc/${running.pid}/task`).length).toBeLessThanOrEqual(MOST_THREADS);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
});
