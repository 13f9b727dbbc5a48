import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { refuseUnwritable } from '../../../src/diagnose/unwritable.ts';
import { fileDestination, fileFault } from '../../../src/engine/destinations/file.ts';
import { ExitError } from '../../../src/system/errors.ts';

let folder: string;
let track: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-file-'));
  track = join(folder, 'track');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const driver = (path = track) => fileDestination({ path, up: '0', down: '1' });

test('a file that cannot be read for a moment is what it last was: prepare leaves it, and a removed one is unknown', () => {
  const file = driver();
  file.set('down');
  const fs = process.getBuiltinModule('node:fs');
  const spy = vi.spyOn(fs, 'openSync').mockImplementation(() => {
    throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  });
  syncBuiltinESMExports();
  const answers = [file.read()];
  file.prepare?.();
  spy.mockRestore();
  syncBuiltinESMExports();
  expect([...answers, readFileSync(track, 'utf8')]).toEqual(['down', '1\n']);
  rmSync(track);
  expect(file.read()).toBe('unknown');
});
const text = (path = track) => readFileSync(path, 'utf8');
const isRoot = process.geteuid?.() === 0;

/** Runs a part of a test as an ordinary user, where there is a right to change who we are. */
function asUser(uid: number, act: () => void): void {
  process.seteuid?.(uid);
  try {
    act();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a file destination', () => {
  test('a file destination that does not exist is made with the text for up, and then follows what it is set to', () => {
    const file = driver();
    expect(fileFault(track)).toBeNull();
    expect(file.read()).toBe('unknown');
    file.prepare?.();
    expect([file.read(), text()]).toEqual(['up', '0\n']);
    expect(file.set('down')).toEqual({ changed: true, is: 'down' });
    expect([file.read(), text()]).toEqual(['down', '1\n']);
    expect(file.set('down')).toEqual({ changed: false, is: 'down' });
    file.prepare?.();
    expect(text()).toBe('1\n');
    expect(readdirSync(folder)).toEqual(['track']);
  });

  test('a file destination with another text is unknown, and never up', () => {
    writeFileSync(track, 'x'.repeat(1_000_000));
    expect(driver().read()).toBe('unknown');
    expect(driver().set('down')).toEqual({ changed: true, is: 'down' });
    expect(text()).toBe('1\n');
  });

  test('a file destination that holds neither text says so, and says nothing while it holds one', () => {
    writeFileSync(track, '2\n');
    expect(driver().note?.()).toBe('cannot be read as up or down: it holds neither text');
    expect(driver(join(folder, 'no/track')).note?.()).toMatch(/^cannot be read as up or down: no such file/);
    writeFileSync(track, '1\n');
    expect(driver().note?.()).toBeNull();
  });

  test('keeps its mode', () => {
    writeFileSync(track, '0\n');
    chmodSync(track, 0o660);
    driver().set('down');
    expect(statSync(track).mode & 0o777).toBe(0o660);
  });

  test('keeps its owner and group', (ctx) => {
    if (!isRoot) {
      return ctx.skip('only root can give a file away');
    }
    for (const [uid, gid] of [
      [1, 2],
      [0, 2],
      [1, 0],
    ] as const) {
      writeFileSync(track, '0\n');
      chownSync(track, uid, gid);
      driver().set('down');
      expect(statSync(track)).toMatchObject({ uid, gid });
      expect(text()).toBe('1\n');
    }
  });

  test('a file destination of an owner that cannot be set is written in place', (ctx) => {
    if (!isRoot) {
      return ctx.skip('only root can become another user');
    }
    chmodSync(folder, 0o1777);
    writeFileSync(track, '0 \n');
    chmodSync(track, 0o666);
    const before = statSync(track);
    asUser(65534, () => driver().set('down'));
    expect(text()).toBe('1\n');
    expect(statSync(track)).toMatchObject({ uid: 0, ino: before.ino });
  });

  test('a file destination that is a symbolic link is followed, and stays a link', () => {
    const real = join(folder, 'real');
    writeFileSync(real, '0\n');
    symlinkSync('real', track);
    driver().set('down');
    expect(lstatSync(track).isSymbolicLink()).toBe(true);
    expect(text(real)).toBe('1\n');
  });

  test('a file destination in a folder that others may write is not written', () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const file = join(open, 'track');
    expect(fileFault(file)).toMatch(/open is writable by others than its owner \(mode 777\)/);
    expect(() => driver(file).set('down')).toThrow(/cannot write .*track: .*writable by others/);
    expect(readdirSync(open)).toEqual([]);
    // Where nobody can take away what is another's, as in /tmp.
    chmodSync(open, 0o1777);
    expect(fileFault(file)).toBeNull();
  });

  test('a file behind a symbolic link of another user is not written', (ctx) => {
    if (!isRoot) {
      return ctx.skip('only root can make one');
    }
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(folder, 0o755);
    chmodSync(open, 0o1777);
    asUser(65534, () => symlinkSync(folder, join(open, 'link')));
    expect(fileFault(join(open, 'link/track'))).toMatch(/link is a symbolic link of user 65534/);
    expect(() => driver(join(open, 'link/track')).set('down')).toThrow(/symbolic link of user 65534/);
    expect(readdirSync(folder)).toEqual(['open']);
  });

  test('a file destination that is not a regular file is left alone', () => {
    mkdirSync(track);
    expect(fileFault(track)).toBe(`${track} exists and is not a regular file`);
    expect(() => driver().set('down')).toThrow(
      expect.objectContaining({ code: 'EINVAL', message: `${track} exists and is not a regular file` }),
    );
    expect(driver().read()).toBe('unknown');
  });

  test('a file destination with another hard link is replaced; the other link keeps its text', () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'precious\n');
    linkSync(other, track);
    driver().set('down');
    expect([text(), text(other)]).toEqual(['1\n', 'precious\n']);
    // The new file cannot be made: what is there has to be written in place, and is somebody else's as well.
    mkdirSync(`${track}.ifdepd`);
    rmSync(track);
    linkSync(other, track);
    expect(() => driver().set('down')).toThrow(/has other names/);
    expect(text(other)).toBe('precious\n');
  });
});

describe('what cannot be written', () => {
  test('is refused before anything is started, all of it at once, with 71 and the way out', () => {
    writeFileSync(track, '0\n');
    const [missing, behind] = [join(folder, 'no/track'), join(track, 'track')];
    const settings = [missing, behind, track].map((path) => {
      return { id: path, action: 'file', path, up: '0', down: '1', onExit: 'leave' } as const;
    });
    try {
      refuseUnwritable(settings);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ExitError);
      expect(error).toMatchObject({ exitCode: 71 });
      expect(String(error)).toContain(
        `${missing} (destination) cannot be written: no such file or directory`,
      );
      expect(String(error)).toContain(`${behind} (destination) cannot be written`);
      expect(String(error)).not.toContain(`${track} (destination)`);
      expect(String(error)).toContain('--wait starts anyway');
    }
  });

  test('is what an ordinary user may not write', (ctx) => {
    if (!isRoot) {
      return ctx.skip('only root can become another user');
    }
    onTestFinished(() => process.seteuid?.(0));
    chmodSync(folder, 0o755);
    writeFileSync(track, '0\n');
    asUser(65534, () => expect(fileFault(track)).toMatch(/^permission denied \(EACCES\)/));
    chmodSync(track, 0o666);
    asUser(65534, () => expect(fileFault(track)).toBeNull());
  });

  test('is the program of a process, and the reason names the fault, its code and the path', async () => {
    copyFileSync('/bin/sleep', track);
    const program = spawn(track, ['600']);
    onTestFinished(() => void program.kill());
    await once(program, 'spawn');
    expect(fileFault(track)).toBe(`text file is busy (ETXTBSY): ${track}`);
  });

  test('is a path that no system call takes', () => {
    expect(fileFault(`${track}\0`)).toMatch(/null bytes.* \(ERR_INVALID_ARG_VALUE\)$/);
  });

  test('is a loop of symbolic links', () => {
    symlinkSync('track', track);
    expect(fileFault(track)).toMatch(/\(ELOOP\)/);
    expect(() => driver().set('down')).toThrow(/ELOOP/);
  });
});
