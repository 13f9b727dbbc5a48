import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const workspaces = [
  'packages/libc',
  'packages/netif',
  'packages/linkwatch',
  'packages/policy',
  'apps/ifdepd',
];

let prefix: string;

function npm(words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`npm ${words.join(' ')}: exit ${status}: ${stderr}`);
  }
  return stdout;
}

/** What npm would fetch from a registry, packed from what is installed here: no network is needed. */
function tarballs(): readonly string[] {
  const others = [
    'node_modules/koffi',
    `node_modules/@koromix/koffi-${process.platform}-${process.arch}`,
    'node_modules/yaml',
  ];
  const folders = [...workspaces, ...others].map((folder) => join(root, folder));
  const packed = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', prefix, ...folders]),
  ) as { filename: string }[];
  return packed.map(({ filename }) => join(prefix, filename.replace('@', '').replace('/', '-')));
}

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
    ...tarballs(),
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
