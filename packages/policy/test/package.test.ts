import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle, packageFaults, readmeExamples, runDocExamples } from '@ifdepd/packed';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';

const packageDir = fileURLToPath(new URL('..', import.meta.url));

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(packageDir)).toEqual([]);
});

test('each example in the README runs and prints the text below it', () => {
  const examples = readmeExamples(packageDir);
  expect(examples).toHaveLength(2);
  const readme = readFileSync(join(packageDir, 'README.md'), 'utf8');
  for (const text of examples) {
    const below = readme.slice(readme.indexOf(text) + text.length + 3);
    const [, printed] = /^```\n([\s\S]*?)^```$/m.exec(below) ?? [];
    using module = bundle(packageDir, { name: 'readme', text });
    const { status, stdout, stderr } = spawnSync(process.execPath, [module.path], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: printed, stderr: '' });
  }
});

/** Bytes of these exports of the built package: bundled, minified, gzipped. */
function size(exports: string): number {
  const { outputFiles, metafile } = buildSync({
    stdin: { contents: `export ${exports} from './dist/index.js'`, resolveDir: packageDir },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    write: false,
    metafile: true,
  });
  const foreign = Object.keys(metafile.inputs).filter((input) => input.includes('node_modules'));
  expect(foreign).toEqual([]);
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength;
}

test('the gzipped sizes of the parts stay within their bounds', () => {
  // The budgets are 5 and 8 KiB. The whole package has none: its bound is one percent above its size.
  expect(size('{ start, step }')).toBeLessThanOrEqual(5_120);
  expect(size('{ compile, start, step }')).toBeLessThanOrEqual(8_192);
  expect(size('*')).toBeLessThanOrEqual(17_030);
});

test('TypeDoc builds the pages of both doors without a warning', () => {
  const out = mkdtempSync(join(tmpdir(), 'policy-docs-'));
  const typedoc = createRequire(import.meta.url)
    .resolve('typedoc/package.json')
    .replace(/package\.json$/, 'bin/typedoc');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[typedoc, '--entryPoints', 'src/index.ts', '--entryPoints', 'src/testing/index.ts'],
      ...[
        '--tsconfig',
        'tsconfig.json',
        '--out',
        out,
        '--treatWarningsAsErrors',
        '--excludeInternal',
        '--disableSources',
      ],
    ],
    { cwd: packageDir, encoding: 'utf8' },
  );
  rmSync(out, { recursive: true });
  expect({ status, warnings: `${stdout}${stderr}`.match(/\[warning\].*/g) }).toEqual({
    status: 0,
    warnings: null,
  });
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 9, faults: [] });
});
