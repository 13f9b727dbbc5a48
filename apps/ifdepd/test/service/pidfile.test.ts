import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '@ifdepd/libc';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writePidfile } from '../../src/service/pidfile.ts';
import { ExitCode } from '../../src/system/errors.ts';

const libc = loadLibc();

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-pid-'));
  path = join(folder, 'ifdepd.pid');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process id that belonged to a process that has ended. */
function deadPid(): number {
  return spawnSync('true').pid;
}

test('a pid file holds the process id, is readable by all, and is removed on request', () => {
  const pidfile = writePidfile(libc, path);
  expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
  expect(statSync(path).mode & 0o777).toBe(0o644);
  pidfile.remove();
  expect(() => statSync(path)).toThrowError(/ENOENT/);
  expect(() => pidfile.remove()).not.toThrow();
});

test('one that a dead process left behind is replaced', () => {
  writeFileSync(path, `${deadPid()}\n`);
  writePidfile(libc, path);
  expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
});

test('one without a process id in it is replaced', () => {
  writeFileSync(path, '');
  writePidfile(libc, path);
  expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
});

test('one of a living process is respected: exit 75, with its id', () => {
  writeFileSync(path, `${process.ppid}\n`);
  expect(() => writePidfile(libc, path)).toThrowError(
    expect.objectContaining({
      exitCode: ExitCode.conflict,
      message: expect.stringContaining(`${process.ppid}`),
    }),
  );
  expect(readFileSync(path, 'utf8')).toBe(`${process.ppid}\n`);
});

test('one that names this very process is left over from another one: replaced', () => {
  writeFileSync(path, `${process.pid}\n`);
  writePidfile(libc, path);
  expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
});

test.runIf(process.platform === 'linux')(
  'one that was written before the process of that number began is replaced',
  () => {
    writeFileSync(path, `${process.ppid}\n`);
    utimesSync(path, 0, 0);
    writePidfile(libc, path);
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
  },
);

test('one that is locked is respected, whatever it says and however old it is: exit 75', () => {
  const first = writePidfile(libc, path);
  writeFileSync(path, '');
  utimesSync(path, 0, 0);
  expect(() => writePidfile(libc, path)).toThrowError(
    expect.objectContaining({ exitCode: ExitCode.conflict }),
  );
  first.remove();
});

test('one that another process has taken over stays', () => {
  const pidfile = writePidfile(libc, path);
  writeFileSync(path, '1\n');
  pidfile.remove();
  expect(readFileSync(path, 'utf8')).toBe('1\n');
});

test('a symbolic link is never written through', () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, path);
  writePidfile(libc, path);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
});

test('a folder that is not there is named: exit 71', () => {
  expect(() => writePidfile(libc, join(folder, 'no/where.pid'))).toThrowError(
    expect.objectContaining({
      exitCode: ExitCode.system,
      message: expect.stringMatching(/where\.pid: ENOENT, there is no directory .*no\./),
    }),
  );
});
