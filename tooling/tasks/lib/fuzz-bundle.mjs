import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { withoutGuard } from './fuzz-guards.mjs';
import { root } from './run.mjs';

/**
 * A fuzz target and all that it stands on as one CommonJS file, from the sources: what the fuzzer can follow the edges of.
 *
 * @param {string} source
 * @param {string} outfile
 * @param {import('./fuzz-guards.mjs').Guard} [left] what is left out of it
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
          // A test reads its fixtures beside it: in the bundle, too.
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
