import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the built site. `npm run test:packed` builds it first. */
export const dist: string = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Paths of all files of the site. */
export function siteFiles(): readonly string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('//', '/').slice(dist.length));
}

/** The text of a file of the site. */
export function siteText(path: string): string {
  return readFileSync(`${dist}${path}`, 'utf8');
}
