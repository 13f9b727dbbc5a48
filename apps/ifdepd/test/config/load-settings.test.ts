import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { configFile } from '../support/config-file.ts';

const plain = 'groups: {g: {sources: [a], destinations: [b]}}\n';
const runs = `${plain}hooks: [{exec: [/bin/true]}]\n`;

test('a valid file is read', () => {
  using file = configFile(plain);
  expect(loadSettings(file.path)).toMatchObject({ file: file.path, hooks: [] });
});

test.each<[string, string | Uint8Array, RegExp]>([
  [
    'a file of ten megabytes',
    '# x\n'.repeat(2_500_000),
    /: has 10000000 bytes; a configuration has at most 1048576$/,
  ],
  ['a binary file', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), /: is a binary file, not text/],
  ['a file in another encoding', new Uint8Array([0x67, 0xe9, 0x0a]), /: is not UTF-8 text$/],
  ['an empty file', '\n', /: is empty; it must have 'groups'$/],
])('a file that is %s is refused', (_title, text, message) => {
  using file = configFile(text);
  expect(() => loadSettings(file.path)).toThrowError(message);
});

test('a missing file, a directory and a pipe are refused', () => {
  using file = configFile(plain);
  expect(() => loadSettings(`${file.path}.no`)).toThrowError(/\.no: cannot be read: there is no such file$/);
  expect(() => loadSettings(file.folder)).toThrowError(/: is not a regular file$/);
  const pipe = join(file.folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  expect(() => loadSettings(pipe)).toThrowError(/: is not a regular file$/);
});

test.each([0o666, 0o664, 0o646])('a file that runs programs and has mode %o is refused', (mode) => {
  using file = configFile(runs, mode);
  expect(() => loadSettings(file.path)).toThrowError(
    /writable by others than its owner \(mode 6\d\d\): chmod go-w/,
  );
  chmodSync(file.path, 0o644);
  expect(loadSettings(file.path).hooks).toHaveLength(1);
});

const writes = 'groups: {g: {sources: [a], destinations: [{file: /run/x, up: "0", down: "1"}]}}\n';
const sets = 'groups: {g: {sources: [a], destinations: [{exec: {up: [/bin/true], down: [/bin/true]}}]}}\n';
const checks = `${plain}checks: {c: {exec: [/bin/true]}}\n`;

test.each([
  ['writes files', writes],
  ['runs checks', checks],
  ['sets a destination by programs', sets],
])('a file that %s is refused where others can write it', (_, text) => {
  using file = configFile(text, 0o666);
  expect(() => loadSettings(file.path)).toThrowError(/(?:writes files|runs programs) .*writable by others/);
  chmodSync(file.path, 0o644);
  expect(loadSettings(file.path).file).toBe(file.path);
});

test.each([runs, writes, checks])(
  'one that others can replace is refused, whichever folder they may write',
  (text) => {
    using file = configFile('');
    const deep = join(file.folder, 'a/b');
    mkdirSync(deep, { recursive: true });
    const real = join(deep, 'real.conf');
    writeFileSync(real, text);
    const link = join(file.folder, 'link.conf');
    symlinkSync(real, link);
    expect(loadSettings(link).file).toBe(link);
    for (const folder of [file.folder, join(file.folder, 'a'), deep]) {
      chmodSync(folder, 0o777);
      for (const path of [real, link]) {
        expect(() => loadSettings(path)).toThrowError(/can be replaced: .* is writable by others/);
      }
      chmodSync(folder, 0o755);
    }
  },
);

test('a file of another user that writes files is refused', (ctx) => {
  if (process.geteuid?.() !== 0) {
    return ctx.skip('only root can give a file away');
  }
  using file = configFile(writes);
  chownSync(file.path, 65534, 65534);
  expect(() => loadSettings(file.path)).toThrowError(/belongs to user 65534/);
});

test('a file that only sets interfaces may be writable by others', () => {
  using file = configFile(plain, 0o666);
  expect(loadSettings(file.path).hooks).toEqual([]);
});
