import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository: this file is built into tooling/kernels/dist. */
export const repository: string = fileURLToPath(new URL('../../..', import.meta.url));

/** Where everything that was fetched stays: a second run downloads nothing. */
export const cache: string = join(repository, 'node_modules/.cache/kernels');

/**
 * Makes a folder once, in as many runs as it takes: one that was left half made is made anew.
 *
 * @param name below {@link cache}
 * @param make fills the empty folder
 * @returns its path
 */
export function madeOnce(name: string, make: (folder: string) => void): string {
  const folder = join(cache, name);
  const complete = join(folder, '.complete');
  if (statSync(complete, { throwIfNoEntry: false }) === undefined) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    make(folder);
    writeFileSync(complete, '');
  }
  return folder;
}
