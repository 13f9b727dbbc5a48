import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** What to bundle: a file, or text that stands for a file of the package's root. */
export type BundleSource = { readonly file: string } | { readonly name: string; readonly text: string };

/** A module for a process of its own, on any Node. */
export interface Bundle extends Disposable {
  readonly path: string;
}

/**
 * Makes one JavaScript module of TypeScript and of the *sources* of the workspace packages it imports, so that a
 * test can start it in another process, on a Node that knows no TypeScript, without a build that might be old.
 * What comes from the registry stays an import.
 *
 * @param packageDir the package whose imports are meant; the module is kept in its node_modules/.cache/ until disposed
 */
export function bundle(packageDir: string, source: BundleSource): Bundle {
  const directory = join(packageDir, 'node_modules', '.cache', 'bundles');
  mkdirSync(directory, { recursive: true });
  const name = 'file' in source ? source.file.replaceAll(/\W/g, '-') : source.name;
  const path = join(directory, `${name}.${process.pid}.${counter++}.mjs`);
  buildSync({
    absWorkingDir: packageDir,
    ...('file' in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.text, loader: 'ts', resolveDir: packageDir, sourcefile: source.name } }),
    bundle: true,
    conditions: ['@ifdepd/source'],
    // Bare names are left alone, but for the workspace's own: those are sources.
    packages: 'bundle',
    external: ['koffi', 'yaml', 'zod'],
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
    outfile: path,
  });
  return { path, [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

let counter = 0;
