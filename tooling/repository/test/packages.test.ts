import { describe, expect, test } from 'vitest';
import { files, manifest, published, root, text } from './repository.ts';

describe.each(published)('%s', (folder) => {
  test('carries the licence of the project', () => {
    expect(text(`${folder}/LICENSE`)).toBe(text('LICENSE'));
    expect(manifest(folder).license).toBe('ISC');
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

test('the development dependencies of the root have their reasons', () => {
  const reasons = text('docs/dependencies.md');
  const names = Object.keys(manifest('.').devDependencies ?? {}).filter(
    (name) => !name.startsWith('@ifdepd/'),
  );
  const unexplained = names.filter((name) => !new RegExp(`^\\| [^|]*${name}[^|]*\\|`, 'm').test(reasons));
  expect(unexplained).toEqual([]);
});

test('no file carries a path of one machine', () => {
  const home = root.replace(/\/$/, '');
  const named = files().filter(
    (path) => /\.(ts|mjs|md|json|jsonc|yml|8|sh)$/.test(path) && text(path).includes(`${home}/`),
  );
  expect(named).toEqual([]);
});
