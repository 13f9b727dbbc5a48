import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Bundles a program and the package sources it imports into one CommonJS file, as programs shipped as one file do, and runs
 * it below the folder of the package.
 *
 * @param text the program
 */
export function runAsCommonJs(
  packageDir: string,
  text: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const directory = join(packageDir, 'node_modules', '.cache', 'bundles');
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, `common-js.${process.pid}.cjs`);
  try {
    buildSync({
      absWorkingDir: packageDir,
      stdin: { contents: text, loader: 'ts', resolveDir: packageDir },
      bundle: true,
      conditions: ['@ifdepd/source'],
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      logLevel: 'error',
      logOverride: { 'empty-import-meta': 'silent' },
      outfile,
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
    return { status, stdout, stderr };
  } finally {
    rmSync(outfile, { force: true });
  }
}
