import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** What is run hundreds of times before the first failover. */
const REHEARSED = /JSFunction (blameWords|covers|readAttributes|#align|put|clear) /;

test('nothing wakes while nothing happens, and nothing was made ready but what a failover needs', async () => {
  using lab = host('em0', 'bge0', 'carp0', 'carp1');
  using folder = temporaryFolder();
  const node = join(folder.path, 'node');
  writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' --trace-opt "$@"\n`, { mode: 0o755 });
  await using running = await daemon(['-S', 'em0:bge0', '-D', 'carp0:carp1'], { node });
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
  // The optimising compilers of V8 take as much memory as the rest of the daemon.
  expect(running.output.split('\n').filter((line) => REHEARSED.test(line))).toEqual([]);
  // And it was asleep, not dead.
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
});

function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'ifdepd-idle-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
