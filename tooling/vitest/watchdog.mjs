import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How often the running tests are looked at, in milliseconds. */
const LOOK_MS = 500;

/** The runner itself fails a test that waits. Only one that still runs this many milliseconds later blocks its process. */
const LATER_MS = 2000;

/** A tick of /proc/PID/stat in milliseconds: USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

/**
 * Ends a process in which a test blocks the event loop, by a loop or by a call that waits: no timer of that process could
 * fail the test. The runner notes each test that runs in a folder (IFDEPD_TESTS_RUNNING), and this process, which runs no
 * test, looks at them. A loop is ended when it has used the processor for as long as a test may take on a quiet machine,
 * whatever else the machine does; a call that waits, when the longest time on the clock is up.
 *
 * @returns {() => void} a function that ends it
 */
export default function watchdog() {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-running-'));
  // As the mode of /tmp: some tests become another user.
  chmodSync(folder, 0o1777);
  process.env['IFDEPD_TESTS_RUNNING'] = folder;
  /** @type {Map<string, Readonly<{ since: number, used: number }>>} */
  const running = new Map();

  /** @param {string} file */
  function look(file) {
    const note = noteIn(join(folder, file));
    const used = note === null ? null : usedMs(note.pid);
    if (note === null || used === null) return;
    const { pid, name, quietMs, wallMs } = note;
    const first = running.get(file) ?? { since: performance.now(), used };
    running.set(file, first);
    const waited = performance.now() - first.since;
    if (used - first.used >= quietMs + LATER_MS || waited >= wallMs + LATER_MS) {
      console.error(`${name}: the test blocks its process, which was ended after ${Math.round(waited)} ms`);
      process.exitCode = 1;
      process.kill(pid, 'SIGKILL');
      rmSync(join(folder, file));
    }
  }

  const timer = setInterval(() => {
    const files = readdirSync(folder);
    for (const file of [...running.keys()].filter((one) => !files.includes(one))) {
      running.delete(file);
    }
    files.forEach(look);
  }, LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** @param {string} path @returns {import('./runner.mjs').RunningTest | null} null where it has ended, or is being written */
function noteIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {number} pid
 * @returns {number | null} milliseconds of processor time of a process of this run, 0 where the system has no /proc; null
 *   where it is gone: another one may have its number by now
 */
function usedMs(pid) {
  if (process.platform !== 'linux') return 0;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // PID (NAME) STATE PARENT …: the name may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[1]) === process.pid ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : null;
  } catch {
    return null;
  }
}
