import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { withoutGuard } from './fuzz-guards.mjs';
import { root } from './run.mjs';

/**
 * Bundles a fuzz target and all its imports from the sources into one CommonJS file, whose edges the fuzzer can follow.
 *
 * @param {string} source
 * @param {string} outfile
 * @param {import('./fuzz-guards.mjs').Guard} [left] a guard to remove
 */
export async function bundleTarget(source, outfile, left) {
  const changed = left === undefined ? undefined : join(root, left.file);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['@ifdepd/source', 'import'],
    mainFields: ['module', 'main'],
    external: ['koffi'],
    logLevel: 'error',
    plugins: [
      {
        name: 'places',
        setup({ onLoad }) {
          // A test reads fixtures beside its source, also from the bundle.
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const text =
              left !== undefined && path === changed ? withoutGuard(left) : await readFile(path, 'utf8');
            return {
              contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
              loader: 'ts',
            };
          });
        },
      },
    ],
  });
}
