import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withoutFix } from './past-fixes.mjs';
import { root } from './run.mjs';

/**
 * Bundles the simulator and the daemon in it from the sources, without one fix, or with all of them.
 *
 * @param {import('./past-fixes.mjs').PastFix | null} fix
 * @returns {Promise<string>} the program
 */
export async function bundleSimulator(fix) {
  const changed = fix === null ? new Map() : withoutFix(fix);
  const outdir = join(root, 'node_modules/.cache/past-fixes', `${process.pid}`);
  await build({
    entryPoints: [join(root, 'tooling/simulator/src/simulate.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    conditions: ['@ifdepd/source', 'import'],
    external: ['koffi', 'yaml'],
    logLevel: 'error',
    plugins: [
      {
        name: 'without-fix',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
            contents: changed.get(path) ?? (await readFile(path, 'utf8')),
            loader: 'ts',
          }));
        },
      },
    ],
  });
  return join(outdir, 'simulate.mjs');
}
