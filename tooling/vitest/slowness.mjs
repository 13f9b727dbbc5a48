import { spawnSync } from 'node:child_process';

/**
 * Milliseconds of processor time of a bare start of Node on the machine on which the limits of tests were set: there
 * `node -e 0` of Node 22 took 23 to 27 ms by the clock. Where it takes 43, a turn of 44 ms of a daemon takes 59.
 */
const REFERENCE_MS = 22;

const STARTS = 5;

/**
 * Measures how slow this machine is, for limits in milliseconds of processor time: those of an event loop and of a hang. A
 * machine as fast as that one or faster has the limits as they are written. IFDEPD_TEST_SLOWER, where it is set, is believed.
 */
export default function slowness() {
  process.env['IFDEPD_TEST_SLOWER'] ??= String(
    Math.max(1, Math.round((bareStartMs() / REFERENCE_MS) * 10) / 10),
  );
}

/** @returns {number} the median of some starts */
function bareStartMs() {
  const { NODE_EXTRA_CA_CERTS: _read, ...env } = process.env;
  const say = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)';
  const all = Array.from({ length: STARTS }, () =>
    Number(spawnSync(process.execPath, ['-e', say], { env, encoding: 'utf8' }).stdout),
  );
  return all.sort((one, other) => one - other)[(STARTS - 1) / 2] ?? REFERENCE_MS;
}
