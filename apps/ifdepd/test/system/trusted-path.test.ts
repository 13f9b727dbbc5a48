import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followPath } from '../../src/system/trusted-path.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ifdepd-path-')));
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/file'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['a/b/file', 'a/b/file'],
  ['a/b/new', 'a/b/new'],
  ['a//b/../b/./file', 'a/b/file'],
  ['to-b/file', 'a/b/file'],
  ['a/up/a/b/file', 'a/b/file'],
  ['absolute', 'a/b/file'],
  ['to-new', 'a/b/new'],
])('%s is followed to %s', (path, end) => {
  symlinkSync('a/b', join(folder, 'to-b'));
  symlinkSync('..', join(folder, 'a/up'));
  symlinkSync(join(folder, 'a/b/file'), join(folder, 'absolute'));
  symlinkSync('to-b/new', join(folder, 'to-new'));
  expect(followPath(join(folder, path))).toEqual({ path: join(folder, end), fault: null });
});

test('a folder on the way that others may write is named, wherever it is on the way', () => {
  symlinkSync('a/b/file', join(folder, 'link'));
  chmodSync(join(folder, 'a'), 0o777);
  for (const path of ['a/b/file', 'link']) {
    expect(followPath(join(folder, path)).fault).toMatch(
      /\/a is writable by others than its owner \(mode 777\)/,
    );
  }
});

test('the fault names a folder or a link of another user', (ctx) => {
  if (process.geteuid?.() !== 0) {
    return ctx.skip('only root can give one away');
  }
  symlinkSync('a/b/file', join(folder, 'link'));
  lchownSync(join(folder, 'link'), 7, 7);
  expect(followPath(join(folder, 'link')).fault).toMatch(/link is a symbolic link of user 7/);
  chownSync(join(folder, 'a'), 7, 7);
  expect(followPath(join(folder, 'a/b/file')).fault).toMatch(/\/a belongs to user 7/);
});

test('a path that leads nowhere is an error of the system', () => {
  symlinkSync('loop', join(folder, 'loop'));
  expect(() => followPath(join(folder, 'no/file'))).toThrow(/ENOENT/);
  expect(() => followPath(join(folder, 'loop'))).toThrow(/ELOOP/);
});
