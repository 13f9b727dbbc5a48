import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { type Ended, runToEnd } from '../support/program.ts';

/** A daemon for which the clock of its process is broken from one reading on. */
async function withBrokenClock(readings: number): Promise<Ended> {
  using _lab = host('em0', 'carp0');
  using preload = configFile('');
  preload.write(`
    const uptime = process.uptime;
    let readings = 0;
    process.uptime = () => {
      readings += 1;
      if (readings > ${readings}) {
        throw new TypeError('broken clock');
      }
      return uptime.call(process);
    };`);
  return await runToEnd(['-v', '-S', 'em0', '-D', 'carp0'], {
    env: { NODE_OPTIONS: `--require ${preload.path}` },
  });
}

test.for([0, 3])(
  'a fault on the way to the first decision (after %i readings) ends it: nothing that is open keeps it',
  async (readings) => {
    const { code, signal, stderr } = await withBrokenClock(readings);
    expect({ code, signal }, stderr).toEqual({ code: 70, signal: null });
  },
);

test('the trace of a fault in the program names its functions and their lines', async () => {
  const { stderr } = await withBrokenClock(0);
  expect(stderr).toContain('TypeError: broken clock');
  expect(stderr).toMatch(/at daemonCommand \(\/\S+\/dist\/core\.cjs:\d+:\d+\)/);
});

/** A daemon that cannot open a part of its program, from the given one on. */
async function withoutFiles(parts: number): Promise<Ended> {
  using preload = configFile('');
  preload.write(`
    const fs = require('node:fs');
    const { readFileSync } = fs;
    let read = 0;
    fs.readFileSync = (path, ...rest) => {
      if (/ifdepd\\/dist\\/.*cjs$/.test(String(path)) && ++read > ${parts}) {
        throw Object.assign(new Error("EMFILE: too many open files, open 'part'"), { code: 'EMFILE' });
      }
      return readFileSync(path, ...rest);
    };`);
  return await runToEnd(['--once', '-S', 'em0', '-D', 'carp0'], {
    env: { NODE_OPTIONS: `--require ${preload.path}` },
  });
}

test('a start that may not open a part of the program ends with 71 and the way out, whichever part it is', async () => {
  using _lab = host('em0', 'carp0');
  // The first part has the words for it.
  for (let parts = 2; ; parts += 1) {
    const { code, stderr } = await withoutFiles(parts);
    if (code === 0) {
      expect(parts).toBeGreaterThan(2);
      return;
    }
    expect(code).toBe(71);
    expect(stderr).toMatch(
      /^(?:ifdepd\[.*\n)?ifdepd: EMFILE: too many open files, open 'part': let this process open more files .*\n$/,
    );
  }
});
