import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository; this runs from tooling/release/dist. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

/** The fields of apps/ifdepd/package.json that artefacts need. */
export interface Product {
  readonly version: string;
  readonly description: string;
  readonly homepage: string;
}

/** A text of the repository. */
export function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What is packed. */
export function product(): Product {
  return JSON.parse(text('apps/ifdepd/package.json')) as Product;
}

/** The time of everything in the artefacts: SOURCE_DATE_EPOCH, or that of the commit. */
export function sourceTime(): Date {
  const epoch =
    process.env['SOURCE_DATE_EPOCH'] ??
    execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim();
  return new Date(Number(epoch) * 1000);
}
