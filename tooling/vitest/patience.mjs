import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Where the kernel does not say how busy the machine is: how much longer things may take than on a quiet one. */
const SLOWER_IF_UNKNOWN = 6;

/** How often the kernel is asked, in milliseconds. */
const PAUSE_MS = 100;

/** How many times slower this processor is than the one that limits were set on (slowness.mjs), emulated or not. */
export const EMULATED = Number(process.env['IFDEPD_TEST_SLOWER'] ?? 1);

/** A tick of /proc/stat in milliseconds: USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

const processors = cpus().length;

// A test may replace the clock.
const clock = performance.now.bind(performance);

/** @returns {number} how many times longer a process takes now, as the processors are shared: 1 or more */
function slower() {
  try {
    const [, , , tasks = ''] = readFileSync('/proc/loadavg', 'utf8').split(' ');
    const [runnable = ''] = tasks.split('/');
    return Math.max(1, Number(runnable) / processors);
  } catch {
    return SLOWER_IF_UNKNOWN;
  }
}

/** @returns {number} milliseconds since the boot in which a host gave the time of this machine to another one */
function stolenMs() {
  try {
    const [, , , , , , , , steal = '0'] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 9);
    return (Number(steal) * TICK_MS) / processors;
  } catch {
    return 0;
  }
}

/**
 * A limit for what should happen soon, which a busy machine does not break. `quietMs` pass as time does while every
 * process has a processor; where three processes share one, three times as slowly; and `wallMs` end it in any case.
 * The kernel says how many processes want to run (proc_loadavg(5)) and how much time the host of a virtual machine took
 * (`steal` in proc_stat(5)). An emulated machine does not know how slow it is: IFDEPD_TEST_SLOWER says it, and stretches both
 * limits.
 *
 * @param {number} quietMs
 * @param {number} wallMs
 * @returns {() => boolean} whether it is over; to be asked several times a second
 */
export function patience(quietMs, wallMs) {
  const start = clock();
  let asked = start;
  let stolen = stolenMs();
  let quiet = 0;
  return () => {
    const now = clock();
    if (now - asked >= PAUSE_MS) {
      const before = stolen;
      stolen = stolenMs();
      quiet += Math.max(0, now - asked - (stolen - before)) / (slower() * EMULATED);
      asked = now;
    }
    return quiet >= quietMs || now - start >= wallMs * EMULATED;
  };
}
