import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { manifest, root, text } from './repository.ts';

/** The table of commands, as [command, time]. */
const rows = [...text('CONTRIBUTING.md').matchAll(/^\| [^|]+ \| `([^`|]+)` \| ([^|]+) \|$/gm)].map(
  ([, command = '', time = '']) => ({ command, time }),
);

/** Rows that run here: not what writes files that others read at the same time. */
const quick = rows.filter(
  ({ command, time }) => / s$/.test(time) && !/typecheck|build|properties/.test(command),
);

/** Paths in a command: of test files and sources of the package that it names, else from the root. */
function pathsIn(command: string): readonly string[] {
  const folder = /-w (\S+)/.exec(command)?.[1] ?? (command.includes('mutation') ? 'packages/policy' : '.');
  const files = [...command.matchAll(/\b(?:test|src)\/\S+\.ts\b/g)].map(([path]) => join(folder, path));
  const folders = [...command.matchAll(/\b(?:packages|apps)\/\S+/g)].map(([path]) => path);
  return [...files, ...folders];
}

test('CONTRIBUTING has a table of commands, and some of them take seconds', () => {
  expect(rows.length).toBeGreaterThan(15);
  expect(quick.length).toBeGreaterThan(4);
});

describe('a command in the table of CONTRIBUTING', () => {
  test.each(rows)('$command: its script and its files exist', ({ command }) => {
    const script = /\bnpm (?:run )?(test\b\S*|(?<=run )\S+)/.exec(command)?.[1];
    if (script === undefined) {
      expect(command).toMatch(/^npx tsc /);
    } else {
      const folder = /-w (\S+)/.exec(command)?.[1] ?? '.';
      expect(manifest(folder).scripts).toHaveProperty([script]);
    }
    expect(pathsIn(command).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test.each(quick)('$command: succeeds', ({ command }) => {
    const env = { ...process.env, IFDEPD_TEST_RUN: 'none' };
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: root, env, encoding: 'utf8' });
    expect(status, `${stdout}${stderr}`).toBe(0);
    if (command.startsWith('npm test')) {
      expect(stripVTControlCharacters(stdout)).toMatch(/Tests +\d+ passed/);
    }
  });
});
