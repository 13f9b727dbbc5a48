import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

/** How often any thread of a process has gone to sleep of its own will, which it does once for each time it woke. */
function wakeUps(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'latin1');
    return sum + Number(/^voluntary_ctxt_switches:\t(\d+)$/m.exec(status)?.[1]);
  }, 0);
}

/** A period in which a poller of any sense would have woken. */
const QUIET_MS = 3000;

/** The main thread, four of V8's, one that keeps its time, one that waits for a debugger, and the pool of libuv. */
const MOST_THREADS = 7 + 4;

test('an idle daemon is not woken, and follows the next loss', async () => {
  using lab = host('em0', 'bge0', 'carp0', 'carp1');
  await using running = await daemon(['-S', 'em0:bge0', '-D', 'carp0:carp1']);
  // The interpreter tidies up for a moment after its start: what counts is that silence comes.
  const counts: number[] = [];
  for (let periods = 0; periods < 8; periods += 1) {
    const before = wakeUps(running.pid);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    counts.push(wakeUps(running.pid) - before);
    if (counts.at(-1) === 0) {
      break;
    }
  }
  expect(counts.at(-1), `wake-ups in each period of ${QUIET_MS} ms: ${counts.join(', ')}`).toBe(0);
  expect(readdirSync(`/proc/${running.pid}/task`).length).toBeLessThanOrEqual(MOST_THREADS);
  // And it was asleep, not dead.
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
});
