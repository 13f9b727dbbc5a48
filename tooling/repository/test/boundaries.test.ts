import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, manifest, root, text } from './repository.ts';

/** The rooms of the app, top floor first: an import goes down this list only. */
const ROOMS: readonly string[] = [
  'cli',
  'service',
  'control',
  'daemon',
  'tuning',
  'report',
  'diagnose',
  'linux',
  'identity',
  'state',
  'programs',
  'engine',
  'log',
  'config',
  'system',
];

/** Rooms on one floor: neither imports the other. */
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ['report', 'diagnose'],
  ['state', 'programs'],
];

const mayImport = (from: string, to: string): boolean =>
  ROOMS.indexOf(from) <= ROOMS.indexOf(to) && !NEIGHBOURS.some((pair) => pair[0] === from && pair[1] === to);

const roomImports = ROOMS.flatMap((from) =>
  ROOMS.map((to) => ({ from, to, path: `apps/ifdepd/src/${from}/to-${to}.ts`, specifier: `../${to}/a.ts` })),
);

const refused: readonly (readonly [path: string, specifier: string])[] = [
  ['packages/policy/src/a.ts', 'node:fs'],
  ['packages/policy/src/b.ts', '@ifdepd/libc'],
  ['packages/policy/src/c.ts', 'zod'],
  ['packages/libc/src/a.ts', '@ifdepd/netif'],
  ['packages/libc/src/b.ts', '@ifdepd/netlink'],
  ['packages/netlink/src/a.ts', '@ifdepd/linkwatch'],
  ['packages/netlink/src/b.ts', '@ifdepd/netif/testing'],
  ['packages/netlink/src/c.ts', 'koffi'],
  ['packages/netif/src/a.ts', '@ifdepd/linkwatch'],
  ['packages/netif/src/b.ts', 'koffi'],
  ['packages/netif/src/c.ts', '@ifdepd/scripted-kernels'],
  ['packages/linkwatch/src/a.ts', '@ifdepd/netif'],
  ['packages/linkwatch/src/b.ts', '@ifdepd/policy'],
  ['packages/linkwatch/src/c.ts', 'koffi'],
  ['packages/probe/src/a.ts', '@ifdepd/netif'],
  ['packages/probe/src/b.ts', '@ifdepd/linkwatch'],
  ['packages/probe/src/c.ts', 'koffi'],
  ['packages/linkwatch/src/f.ts', '@ifdepd/routewatch'],
  ['packages/routewatch/src/a.ts', '@ifdepd/linkwatch'],
  ['packages/routewatch/src/b.ts', 'koffi'],
  ['apps/ifdepd/src/a.ts', 'koffi'],
  ['apps/ifdepd/src/b.ts', '@ifdepd/policy/src/index.ts'],
];

const allowed: readonly (readonly [path: string, specifier: string])[] = [
  ['packages/policy/src/d.ts', './e.ts'],
  ['packages/policy/src/f/g.ts', '../e.ts'],
  ['packages/libc/src/d.ts', 'koffi'],
  ['packages/netlink/src/d.ts', '@ifdepd/libc/testing'],
  ['packages/netif/src/d.ts', '@ifdepd/libc'],
  ['packages/netif/src/e.ts', '@ifdepd/netlink'],
  ['packages/linkwatch/src/d.ts', '@ifdepd/libc/testing'],
  ['packages/linkwatch/src/e.ts', '@ifdepd/netlink/testing'],
  ['packages/probe/src/d.ts', '@ifdepd/netlink'],
  ['packages/probe/src/e.ts', '@ifdepd/libc/testing'],
  ['packages/routewatch/src/c.ts', '@ifdepd/netlink/rtnetlink'],
  ['apps/ifdepd/src/d.ts', '@ifdepd/policy'],
];

/** The files in which the project's linter, with the project's rules, refuses an import. */
function refusals(imports: typeof refused): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    const rules = text('biome.jsonc').replace('"vcs": { "enabled": true', '"vcs": { "enabled": false');
    writeFileSync(join(folder, 'biome.jsonc'), rules);
    writeFileSync(join(folder, 'biome.rooms.jsonc'), text('biome.rooms.jsonc'));
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

test('the linter refuses every wrong direction between packages, and no right one', () => {
  expect(refusals([...refused, ...allowed])).toEqual(refused.map(([path]) => path).sort());
});

test('the linter refuses every import from a room of the app to one above it, and no import to one below', () => {
  const wrong = roomImports.filter(({ from, to }) => !mayImport(from, to)).map(({ path }) => path);
  expect(refusals(roomImports.map(({ path, specifier }) => [path, specifier]))).toEqual(wrong.sort());
});

test('each folder in the source of the app is a room, and beside them stand main.ts and index.ts alone', () => {
  const names = files('apps/ifdepd/src/**').map((path) => path.split('/')[3] ?? '');
  expect([...new Set(names)].sort()).toEqual([...ROOMS, 'index.ts', 'main.ts'].sort());
});

test('the map in docs/architecture.md names each room with its purpose, top floor first', () => {
  const [, section = ''] = text('docs/architecture.md').split('\n## Rooms of the daemon\n');
  const [, map = ''] = section.split('```');
  const lines = map.trim().split('\n');
  expect(lines.map((line) => /^(\w+)\/ +\S.{10,}$/.exec(line)?.[1])).toEqual(ROOMS);
});

/** The files that one file imports by their paths, whenever it is loaded. */
function importsOf(path: string): readonly string[] {
  const found = text(path).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
  return [...found].map(([, specifier = '']) => join(dirname(path), specifier));
}

/** Their folders. */
function importedFolders(path: string): readonly string[] {
  return importsOf(path).map((to) => dirname(to));
}

const contains = (folder: string, inner: string): boolean => inner.startsWith(`${folder}/`);

test('no two folders import each other, other than a folder and those inside it', () => {
  const arrows = new Set(
    files('packages/**', 'apps/**', 'tooling/**')
      .filter((path) => /\.m?[jt]s$/.test(path))
      .flatMap((path) => importedFolders(path).map((to) => `${dirname(path)} ${to}`)),
  );
  expect(arrows.size).toBeGreaterThan(400);
  const mutual = [...arrows].filter((arrow) => {
    const [from = '', to = ''] = arrow.split(' ');
    return from < to && arrows.has(`${to} ${from}`) && !contains(from, to) && !contains(to, from);
  });
  expect(mutual).toEqual([]);
});

const SOURCE = 'apps/ifdepd/src';

/** The parts of the rooms that exist for speed alone: each file of tuning/, each folder of linux/. */
const parts = [
  ...files(`${SOURCE}/tuning/**`),
  ...new Set(files(`${SOURCE}/linux/**`).map((path) => `${dirname(path)}/`)),
].map((path) => path.slice(SOURCE.length + 1));

/** The files of the app that import a part, from outside of it. */
function importersOf(part: string): readonly string[] {
  return files(`${SOURCE}/**`)
    .map((path) => path.slice(SOURCE.length + 1))
    .filter(
      (path) =>
        path.endsWith('.ts') &&
        !path.startsWith(part) &&
        importsOf(join(SOURCE, path)).some((to) => to.slice(SOURCE.length + 1).startsWith(part)),
    );
}

test('docs/architecture.md names each part of tuning/ and linux/ with the only files that import it', () => {
  const rows = text('docs/architecture.md').matchAll(/^\| ((?:tuning|linux)\/\S+) \| ([^|]+) \|/gm);
  const written = [...rows].map(([, part = '', importers = '']) => [part, importers.trim().split(', ')]);
  expect(parts.length).toBeGreaterThan(4);
  expect(Object.fromEntries(written)).toEqual(
    Object.fromEntries(parts.map((part) => [part, importersOf(part)])),
  );
});

test.each(files('apps/ifdepd/src/tuning/**'))(
  '%s imports no other file of its room, and says what it works around and until when',
  (path) => {
    expect(importedFolders(path)).not.toContain(dirname(path));
    expect(text(path)).toMatch(/^ \* Issue: https:\/\//m);
    expect(text(path)).toMatch(/^ \* End: 20\d\d-\d\d-\d\d\b/m);
  },
);

const sources = files('packages/*/src/**', 'apps/*/src/**').filter((path) => path.endsWith('.ts'));

test('a published source imports no private package of tooling', () => {
  const tooling = files('tooling/*/package.json').map((path) => manifest(dirname(path)).name);
  expect(tooling).toContain('@ifdepd/scripted-kernels');
  const importers = sources.filter((path) => tooling.some((name) => text(path).includes(`from '${name}`)));
  expect(importers).toEqual([]);
});

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
