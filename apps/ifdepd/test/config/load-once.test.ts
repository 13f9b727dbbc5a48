import { spawn, spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadOnce } from '../../src/config/load-once.ts';
import { configFile } from '../support/config-file.ts';

const plain = 'groups: {g: {sources: [a], destinations: [b]}}\n';

test.each([
  ['a configuration', plain, null],
  [
    'more than a megabyte',
    '# x\n'.repeat(300_000),
    /pipe: has more bytes than a configuration may have: 1048576$/,
  ],
  ['nothing', '', /pipe: is empty; it must have 'groups'$/],
])('a pipe with %s is read to its end', async (_title, text, fault) => {
  using file = configFile(text);
  const pipe = join(file.folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  // This process waits in the read: another one has to write.
  const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', file.path, pipe], { stdio: 'ignore' });
  const ended = new Promise((resolve) => writer.once('close', resolve));
  if (fault === null) {
    expect(loadOnce(pipe)).toMatchObject({ file: pipe });
  } else {
    expect(() => loadOnce(pipe)).toThrowError(fault);
  }
  await ended;
});

test('a regular file is read as a daemon reads it', () => {
  using file = configFile(`${plain}hooks: [{exec: [/bin/true]}]`, 0o666);
  expect(() => loadOnce(file.path)).toThrowError(/writable by others/);
});

test('a symbolic link to itself cannot be read, in words', () => {
  using file = configFile(plain);
  const link = join(file.folder, 'link');
  symlinkSync('link', link);
  expect(() => loadOnce(link)).toThrowError(/link: cannot be read: /);
});
