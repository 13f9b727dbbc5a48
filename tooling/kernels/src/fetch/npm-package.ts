import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeOnce } from '../cache.ts';
import { command } from '../command.ts';

/**
 * Fetches a package of npm, for whatever machine it is made, and unpacks it.
 *
 * @returns the folder with its package.json
 */
export function npmPackage(name: string, version: string): string {
  const folder = madeOnce(`npm/${name.replace('/', '+')}-${version}`, (into) => {
    const download = mkdtempSync(join(tmpdir(), 'ifdepd-npm-'));
    try {
      const words = ['pack', '--silent', '--pack-destination', download, `${name}@${version}`];
      const tarball = command('npm', words, { cwd: download }).toString().trim();
      command('tar', ['-xzf', join(download, tarball), '-C', into]);
    } finally {
      rmSync(download, { recursive: true });
    }
  });
  return join(folder, 'package');
}
