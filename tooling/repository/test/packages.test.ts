import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, manifest, published, root, text } from './repository.ts';

describe.each(published)('%s', (folder) => {
  test('carries the licence of the project', () => {
    expect(text(`${folder}/LICENSE`)).toBe(text('LICENSE'));
    expect(manifest(folder).license).toBe('ISC');
  });

  test('runs its unit tests with `npm test`, and again as files change with `npm run test:watch`', () => {
    const unit = folder === 'apps/ifdepd' ? '--project unit --project unit-isolated' : '--project unit';
    expect(manifest(folder).scripts).toMatchObject({
      test: `vitest run ${unit}`,
      'test:watch': `vitest ${unit}`,
    });
  });

  test('has no install script', () => {
    const scripts = Object.keys(manifest(folder).scripts ?? {});
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([]);
  });

  test('depends on nothing without a reason written down', () => {
    const reasons = text('docs/dependencies.md');
    const { dependencies, optionalDependencies, peerDependencies } = manifest(folder);
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    const unexplained = names.filter(
      (name) => !name.startsWith('@ifdepd/') && !reasons.includes(`| ${name} | ${manifest(folder).name} |`),
    );
    expect(unexplained).toEqual([]);
  });
});

test('the licence of zod, which is bundled into the daemon, is published with it', () => {
  expect(text('apps/ifdepd/LICENSE.zod')).toBe(text('node_modules/zod/LICENSE'));
  expect(manifest('apps/ifdepd').files).toContain('LICENSE.zod');
});

test('no reason is kept for a dependency that is gone', () => {
  const explained = [...text('docs/dependencies.md').matchAll(/^\| (\S+) \| (\S+) \| .+ \|$/gm)].filter(
    ([, , of]) => of !== 'of',
  );
  expect(explained.length).toBeGreaterThan(0);
  for (const [, name = '', of] of explained) {
    const folder = published.find((path) => manifest(path).name === of);
    expect(manifest(folder ?? '.').dependencies, `${name} of ${of}`).toHaveProperty([name]);
  }
});

test('policy depends on nothing at all', () => {
  const { dependencies, optionalDependencies, peerDependencies } = manifest('packages/policy');
  expect({ ...dependencies, ...optionalDependencies, ...peerDependencies }).toEqual({});
});

/** The root and every workspace. */
const workspaces = [
  '.',
  ...files('packages/*/package.json', 'apps/*/package.json', 'tooling/*/package.json'),
].map((path) => path.replace('/package.json', ''));

/** What is named in the second table: what only we need. */
const development = [
  ...(text('docs/dependencies.md').split('\nDevelopment')[1] ?? '').matchAll(/^\| ([^|]+) \|/gm),
]
  .flatMap(([, names = '']) => names.split(', '))
  .filter((name) => name !== 'package' && !name.startsWith('---'));

test('every development dependency, of every workspace, has its reason; and each reason is of one', () => {
  const used = workspaces.flatMap((folder) => {
    const { private: ours, dependencies, devDependencies } = manifest(folder);
    return Object.keys({ ...(ours === true ? dependencies : {}), ...devDependencies });
  });
  const foreign = new Set(used.filter((name) => !name.startsWith('@ifdepd/') && name !== 'ifdepd'));
  expect(workspaces.length).toBeGreaterThan(10);
  expect([...foreign].sort()).toEqual([...development].sort());
});

test('each test file that a vitest.config.ts lists exists', () => {
  const listed = files('*/*/vitest.config.ts').flatMap((config) =>
    [...text(config).matchAll(/'(test\/[^*']+)'/g)].map(([, path = '']) =>
      config.replace('vitest.config.ts', path),
    ),
  );
  expect(listed.length).toBeGreaterThan(20);
  expect(listed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('no file carries a path of one machine', () => {
  const home = root.replace(/\/$/, '');
  const named = files().filter(
    (path) => /\.(ts|mjs|md|json|jsonc|yml|8|sh)$/.test(path) && text(path).includes(`${home}/`),
  );
  expect(named).toEqual([]);
});

test('a unit test that replaces modules has a process of its own: others would get what it has replaced', () => {
  const replacing = files('*/*/test/*.test.ts').filter(
    (path) => !/\.(netns|packed)\./.test(path) && /\bvi\.(mock|doMock)\(/.test(text(path)),
  );
  expect(replacing).toContain('apps/ifdepd/test/service/compiled-once.test.ts');
  const listed = text('apps/ifdepd/vitest.config.ts');
  expect(replacing.filter((path) => !listed.includes(`'${path.replace('apps/ifdepd/', '')}'`))).toEqual([]);
});
