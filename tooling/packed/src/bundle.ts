import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** What to bundle: a file, or text that stands for a file of the package's root. */
export type BundleSource = { readonly file: string } | { readonly name: string; readonly text: string };

/** A module for another process, on any Node. */
export interface Bundle extends Disposable {
  readonly path: string;
}

/**
 * Bundles TypeScript and the *sources* of the workspace packages it imports into one JavaScript module. A test can start
 * it in another process, on a Node without TypeScript, and needs no build. Packages of the registry stay imports.
 *
 * @param packageDir the package whose imports count; the module stays in its node_modules/.cache/ until disposed
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
    // Bare names stay imports, except the packages of the workspace.
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
