import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

/** The text of a file, by its path from the root. */
export function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Paths of the files that are there and that git knows or would add, from the root. */
export function files(...patterns: readonly string[]): readonly string[] {
  const words = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', ...patterns];
  const paths = execFileSync('git', words, { cwd: root, encoding: 'utf8' }).split('\n').slice(0, -1);
  return paths.filter((path) => existsSync(join(root, path)));
}

/** The fields of package.json that tests read. */
export interface Manifest {
  readonly author?: string;
  readonly bugs?: { readonly url: string };
  readonly homepage?: string;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly keywords?: readonly string[];
  readonly files?: readonly string[];
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly os?: readonly string[];
  readonly publishConfig?: { readonly provenance?: boolean };
  readonly license: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The manifest in a folder, by its path from the root. */
export function manifest(folder: string): Manifest {
  return JSON.parse(text(join(folder, 'package.json'))) as Manifest;
}

/** The folders of the packages that are published. */
export const published: readonly string[] = [
  'packages/libc',
  'packages/netlink',
  'packages/netif',
  'packages/linkwatch',
  'packages/probe',
  'packages/routewatch',
  'packages/policy',
  'apps/ifdepd',
];
