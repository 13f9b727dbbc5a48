import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Bundles a program that imports a package's sources into one file of CommonJS, as programs that are shipped as one file do, and
 * runs it below the package's folder.
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
