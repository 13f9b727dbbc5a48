import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { files, manifest, published, root, text } from './repository.ts';

const { author, bugs, homepage, repository } = manifest('.');

describe.each(published)('%s', (folder) => {
  test('names the repository, its own folder there, the page, the place for faults and the authors', () => {
    expect(manifest(folder)).toMatchObject({
      author,
      bugs,
      homepage: homepage?.replace('#', `/tree/main/${folder}#`),
      repository: { ...repository, directory: folder },
    });
  });

  test('has keywords, so that a search finds it', () => {
    expect(manifest(folder).keywords?.length).toBeGreaterThan(4);
  });
});

describe('a clone after `changeset version`', () => {
  let clone: string;
  const run = (program: string, words: readonly string[], cwd = clone): string =>
    execFileSync(program, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const versioned = (folder: string) =>
    JSON.parse(readFileSync(join(clone, folder, 'package.json'), 'utf8')) as ReturnType<typeof manifest>;

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'ifdepd-release-'));
    run('git', ['clone', '--quiet', '--no-hardlinks', root, clone], root);
    for (const path of files()) cpSync(join(root, path), join(clone, path));
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    run('npx', ['--no-install', 'changeset', 'version']);
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  test('passes the linter', () => {
    expect(run('npx', ['--no-install', 'biome', 'check', '--error-on-warnings', '.'])).toContain('Checked');
  });

  test.each(published)('%s has a version that users may rely on, and a changelog of it', (folder) => {
    const { version = '' } = versioned(folder);
    expect(version).toMatch(/^[1-9]\d*\.\d+\.\d+$/);
    expect(readFileSync(join(clone, folder, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}\n`);
  });

  // npm publishes what it corrected, and only warns: it removed the daemon's program over two characters once.
  test.each(published)('npm has nothing to correct in the manifest of %s', (folder) => {
    const before = versioned(folder);
    run('npm', ['pkg', 'fix'], join(clone, folder));
    expect(versioned(folder)).toEqual(before);
  });
});

test('the release workflow holds no token: npm trusts the workflow itself', () => {
  const workflow = text('.github/workflows/release.yml');
  expect(workflow).toContain('id-token: write');
  expect(workflow.match(/secrets\.\w+/g)).toEqual(['secrets.GITHUB_TOKEN']);
  expect(workflow).not.toMatch(/\bcache\b/);
});
