import { execFileSync, spawnSync } from 'node:child_process';
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

  test.each(published)(
    'the version of %s is 1.0.0 if it was never released, and its changelog has it',
    (folder) => {
      const { version = '' } = versioned(folder);
      expect(version).toMatch(manifest(folder).version === '0.0.0' ? /^1\.0\.0$/ : /^[1-9]\d*\.\d+\.\d+$/);
      expect(readFileSync(join(clone, folder, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}\n`);
    },
  );

  // npm publishes what it corrected, and only warns: it removed the daemon's program over two characters once.
  test.each(published)('npm has nothing to correct in the manifest of %s', (folder) => {
    const before = versioned(folder);
    run('npm', ['pkg', 'fix'], join(clone, folder));
    expect(versioned(folder)).toEqual(before);
  });
});

test('npm publish --dry-run warns of nothing in any package but that nobody is logged in', () => {
  // A registry that cannot be reached: nothing leaves this machine.
  const offline = ['--registry', 'http://127.0.0.1:9/', '--fetch-retries', '0'];
  const words = ['publish', '--dry-run', '--ignore-scripts', ...offline];
  const { status, stdout, stderr } = spawnSync(
    'npm',
    [...words, ...published.flatMap((folder) => ['-w', folder])],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const warnings = stderr
    .split('\n')
    .filter((line) => /^npm (?:warn|error)/i.test(line) && !line.includes('requires you to be logged in'));
  expect({ status, warnings }).toEqual({ status: 0, warnings: [] });
  const names = stdout.match(/^\+ .+(?=@)/gm)?.map((line) => line.slice('+ '.length));
  expect(names?.sort()).toEqual(published.map((folder) => manifest(folder).name).sort());
});

test('the release workflow holds no token: npm trusts the workflow itself', () => {
  const workflow = text('.github/workflows/release.yml');
  expect(workflow).toContain('id-token: write');
  expect(workflow.match(/secrets\.\w+/g)).toEqual(['secrets.GITHUB_TOKEN']);
  expect(workflow).not.toMatch(/\bcache\b/);
});
