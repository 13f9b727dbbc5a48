import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, root, text } from './repository.ts';

const refused: readonly (readonly [path: string, specifier: string])[] = [
  ['packages/policy/src/a.ts', 'node:fs'],
  ['packages/policy/src/b.ts', '@ifdepd/libc'],
  ['packages/policy/src/c.ts', 'zod'],
  ['packages/libc/src/a.ts', '@ifdepd/netif'],
  ['packages/netif/src/a.ts', '@ifdepd/linkwatch'],
  ['packages/netif/src/b.ts', 'koffi'],
  ['packages/linkwatch/src/a.ts', '@ifdepd/netif'],
  ['packages/linkwatch/src/b.ts', '@ifdepd/policy'],
  ['packages/linkwatch/src/c.ts', 'koffi'],
  ['apps/ifdepd/src/a.ts', 'koffi'],
  ['apps/ifdepd/src/b.ts', '@ifdepd/policy/src/index.ts'],
];

const allowed: readonly (readonly [path: string, specifier: string])[] = [
  ['packages/policy/src/d.ts', './e.ts'],
  ['packages/policy/src/f/g.ts', '../e.ts'],
  ['packages/libc/src/d.ts', 'koffi'],
  ['packages/netif/src/d.ts', '@ifdepd/libc'],
  ['packages/linkwatch/src/d.ts', '@ifdepd/libc/testing'],
  ['apps/ifdepd/src/d.ts', '@ifdepd/policy'],
];

/** The files in which the project's linter, with the project's rules, refuses an import. */
function refusals(imports: typeof refused): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    const rules = text('biome.jsonc').replace('"vcs": { "enabled": true', '"vcs": { "enabled": false');
    writeFileSync(join(folder, 'biome.jsonc'), rules);
    for (const [path, specifier] of imports) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(
        join(folder, path),
        `import * as it from '${specifier}';\nexport const here: unknown = it;\n`,
      );
    }
    const { stdout, stderr } = spawnSync(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--only=style/noRestrictedImports', '--colors=off', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    const found = (stdout + stderr).matchAll(/^(\S+\.ts):\d+:\d+ lint\/style\/noRestrictedImports/gm);
    return [...found].map(([, path = '']) => path).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the linter refuses every wrong direction, and no right one', () => {
  expect(refusals([...refused, ...allowed])).toEqual(refused.map(([path]) => path).sort());
});

const sources = files('packages/*/src/**', 'apps/*/src/**').filter((path) => path.endsWith('.ts'));

test('only libc imports koffi', () => {
  const importers = sources.filter((path) => /from 'koffi'|\('koffi'\)/.test(text(path)));
  expect(importers.length).toBeGreaterThan(0);
  expect(importers.filter((path) => !path.startsWith('packages/libc/src/'))).toEqual([]);
});

test('only target.ts asks which system this is', () => {
  const askers = sources.filter((path) =>
    /process\.platform|os\.platform\(\)/.test(text(path).replace(/\/\*[\s\S]*?\*\//g, '')),
  );
  expect(askers).toEqual(['packages/libc/src/target.ts']);
});

test('nobody asks Node for the interfaces: it makes their names the keys of plain objects', () => {
  const askers = sources.filter((path) =>
    /\bnetworkInterfaces\b/.test(text(path).replace(/\/\*[\s\S]*?\*\//g, '')),
  );
  expect(askers).toEqual([]);
});
