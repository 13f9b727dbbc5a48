import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import { writePidfile } from '../../src/service/pidfile.ts';
import { ExitCode, ExitError } from '../../src/system/errors.ts';
import { FILE_ERRNOS, failingFiles, MOMENTS } from '../support/failing-files.ts';

const libc = loadLibc();
const CALLS = ['openSync', 'fstatSync', 'lstatSync', 'writeSync', 'unlinkSync', 'closeSync'] as const;

/** Writes the file over that of a dead process and removes it, while calls fail. @returns what is wrong */
function play(path: string): string[] {
  writeFileSync(path, '\n');
  try {
    const pidfile = writePidfile(libc, path);
    const text = readFileSync(path, 'utf8');
    pidfile.remove();
    return text === `${process.pid}\n` ? [] : [`the file has '${text}'`];
  } catch (error) {
    const refused =
      error instanceof ExitError && error.exitCode !== ExitCode.internal && error.message.includes(path);
    return refused ? [] : [String(error)];
  }
}

test.each(CALLS)(
  '%s fails on a pid file: the start is refused in words or goes on, and so does the next start',
  (call) => {
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-pid-'));
    const path = join(folder, 'ifdepd.pid');
    const wrong: string[] = [];
    for (const errno of FILE_ERRNOS) {
      for (const [moment, fails] of MOMENTS) {
        {
          using _fault = failingFiles(call, errno, fails);
          wrong.push(...play(path).map((fault) => `${errno}, ${moment}: ${fault}`));
        }
        wrong.push(...play(path).map((fault) => `after ${errno}, ${moment}: ${fault}`));
      }
    }
    rmSync(folder, { recursive: true });
    expect(wrong).toEqual([]);
  },
);
