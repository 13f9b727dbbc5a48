import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { npm, packTarballs, publishedFolders, registryFolders } from '../support/tarballs.ts';

let prefix: string;

beforeAll(() => {
  prefix = mkdtempSync(join(tmpdir(), 'ifdepd-installed-'));
  npm([
    'install',
    '--global',
    '--offline',
    '--omit=optional',
    '--ignore-scripts',
    '--prefix',
    prefix,
    ...packTarballs(prefix, [...publishedFolders, ...registryFolders]),
  ]);
});
afterAll(() => rmSync(prefix, { recursive: true, force: true }));

test('installed from its tarballs, the command is there, its manual page too, and the demo succeeds', () => {
  const command = join(prefix, 'bin/ifdepd');
  const demo = spawnSync(command, ['demo'], { encoding: 'utf8', cwd: tmpdir() });
  expect(demo).toMatchObject({ status: 0, stderr: '' });
  expect(demo.stdout).toMatch(/ cut {5}carp0 down after \d+ µs/);
  const page = join(prefix, 'share/man/man8/ifdepd.8');
  expect(spawnSync('head', ['-n', '2', page], { encoding: 'utf8' }).stdout).toContain('.Dt IFDEPD 8');
});
