import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SystemError as OfLibc } from '@ifdepd/libc';
import {
  bundle,
  declarationFaults,
  packageFaults,
  readmeExamples,
  runAsCommonJs,
  runDocExamples,
} from '@ifdepd/packed';
import { expect, test } from 'vitest';
import { SystemError } from '../src/index.ts';

const packageDir = fileURLToPath(new URL('..', import.meta.url));

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(packageDir)).toEqual([]);
});

test('the example in the README runs unchanged and prints what its comment promises', () => {
  const [text = '', ...others] = readmeExamples(packageDir);
  expect(others).toEqual([]);
  using module = bundle(packageDir, { name: 'readme', text });
  const { status, stdout, stderr } = spawnSync(process.execPath, [module.path], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^lo0? up true (true|no media) (true|false)$/);
  const promised = /console\.log\(String\(error\)\); \/\/ (.*)/.exec(text)?.[1];
  expect(lines.at(-1)).toBe(promised);
});

test('netif exports the SystemError of libc', () => {
  expect(SystemError).toBe(OfLibc);
});

test('the declarations compile without skipLibCheck and without @types/node', () => {
  const packages = {
    '@ifdepd/netif': packageDir,
    '@ifdepd/netlink': fileURLToPath(new URL('../../netlink', import.meta.url)),
    '@ifdepd/libc': fileURLToPath(new URL('../../libc', import.meta.url)),
  };
  const program =
    "import { openNetIf } from '@ifdepd/netif'; import '@ifdepd/netif/linux'; import '@ifdepd/netif/testing'; openNetIf().close();";
  expect(declarationFaults(packages, program)).toBe('');
});

test('a bundle of CommonJS works', () => {
  const program = `import { openNetIf } from './src/index.ts';
    const netif = openNetIf();
    console.log(netif.list().length > 0);
    netif.close();`;
  expect(runAsCommonJs(packageDir, program)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 4, faults: [] });
});
