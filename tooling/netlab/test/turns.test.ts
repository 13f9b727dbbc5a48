import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { turns } from '../src/turns.ts';

/** linux/sockios.h */
const [SIOCGIFFLAGS, SIOCSIFFLAGS] = [0x8913, 0x8914];

/** Milliseconds of processor time of each kind of call in one turn of a program. */
const SPENT_MS = 60;

/** A program that is ready, and then spends its time in one call of ioctl(2), over and over. */
const program = (request: number) => `
  const koffi = require('koffi');
  const libc = koffi.load(null);
  const ioctl = libc.func('ioctl', 'int', ['int', 'ulong', 'void *']);
  require('node:fs').write(2, 'ready: ', () => setTimeout(() => {
    const spent = () => process.cpuUsage().user + process.cpuUsage().system;
    const end = spent() + ${SPENT_MS * 1000};
    while (spent() < end) for (let times = 0; times < 1000; times += 1) ioctl(-1, ${request}, Buffer.alloc(40));
    setTimeout(() => {}, 1);
  }, 1));`;

/** The longest turn of that program. */
function longestTurn(request: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-turns-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const loops = turns(join(folder, 'turns'));
  const file = join(folder, 'program.cjs');
  writeFileSync(file, program(request));
  const { status, stderr } = spawnSync(process.execPath, [...loops.options, file], {
    encoding: 'utf8',
    env: {
      ...process.env,
      ...loops.env,
      NODE_PATH: fileURLToPath(new URL('../../../node_modules', import.meta.url)),
    },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'ready: ' });
  return Math.max(0, ...loops.longest().map(({ longestMs }) => longestMs));
}

test('calls that set an interface do not count in the longest turn, and all others do', () => {
  const other = longestTurn(SIOCGIFFLAGS);
  expect(other).toBeGreaterThan(SPENT_MS / 2);
  expect(longestTurn(SIOCSIFFLAGS)).toBeLessThan(other);
});
