import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { npm, packTarballs, publishedFolders, registryFolders } from './support/tarballs.ts';

/** What the daemon may add to what koffi takes, in bytes of files: koffi and 4 MB are the budget. */
const MOST_BESIDES_KOFFI = 4_000_000;
const MOST_PACKAGES = 15;

test('installed in an empty project it is koffi and less than four megabytes, in few packages', () => {
  const project = mkdtempSync(join(tmpdir(), 'ifdepd-size-'));
  try {
    writeFileSync(join(project, 'package.json'), '{"private":true}');
    const tarballs = packTarballs(project, [...publishedFolders, ...registryFolders]);
    npm(['install', '--offline', '--omit=optional', '--ignore-scripts', '--prefix', project, ...tarballs]);
    const installed = join(project, 'node_modules');
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const packages = files.filter((path) =>
      /(?:^|node_modules\/)(?:@[^/]+\/)?[^@/]+\/package\.json$/.test(relative(installed, path)),
    );
    const ofKoffi = (path: string) => /^(?:koffi|@koromix)\//.test(relative(installed, path));
    const besides = files.filter((path) => !ofKoffi(path));
    const bytes = besides.reduce((sum, path) => sum + statSync(path).size, 0);
    expect(packages.length).toBeGreaterThan(publishedFolders.length);
    expect(packages.length).toBeLessThanOrEqual(MOST_PACKAGES);
    expect(files.length).toBeGreaterThan(besides.length);
    expect(bytes).toBeLessThanOrEqual(MOST_BESIDES_KOFFI);
  } finally {
    rmSync(project, { recursive: true });
  }
});
