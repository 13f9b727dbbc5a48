import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bundle,
  declarationFaults,
  packageFaults,
  readmeExamples,
  runAsCommonJs,
  runDocExamples,
} from '@ifdepd/packed';
import { expect, test } from 'vitest';
import { hostTarget } from '../src/index.ts';

const packageDir = fileURLToPath(new URL('..', import.meta.url));

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(packageDir)).toEqual([]);
});

test('the example in the README runs unchanged', (ctx) => {
  if (hostTarget().platform !== 'linux') {
    return ctx.skip('it opens a socket of Linux');
  }
  const [text = '', ...others] = readmeExamples(packageDir);
  expect(others).toEqual([]);
  using module = bundle(packageDir, { name: 'readme', text });
  const { status, stdout, stderr } = spawnSync(process.execPath, [module.path], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/index: 1, name: 'lo'/);
});

test('the declarations compile without skipLibCheck and without @types/node', () => {
  const program =
    "import { loadLibc } from '@ifdepd/libc'; import '@ifdepd/libc/linux'; import '@ifdepd/libc/testing'; loadLibc().close(-1);";
  expect(declarationFaults({ '@ifdepd/libc': packageDir }, program)).toBe('');
});

test('a CommonJS bundle finds koffi from its own folder', () => {
  const program = "import { loadLibc } from './src/index.ts'; console.log(loadLibc().close(-1));";
  expect(runAsCommonJs(packageDir, program)).toEqual({ status: 0, stdout: '-9\n', stderr: '' });
});

test('loadLibc without an installed koffi throws an error that names koffi and the place where it has to be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-libc-'));
  try {
    cpSync(join(packageDir, 'dist'), join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const script = "import('./dist/index.js').then(({ loadLibc }) => loadLibc())";
    const { status, stderr } = spawnSync(process.execPath, ['--eval', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /cannot load koffi.*Cannot find module 'koffi'\. Install koffi where \S+ can find it/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 4, faults: [] });
});
