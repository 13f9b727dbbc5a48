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

test('the example in the README runs as it is written, and prints what it says', () => {
  const [text = '', ...others] = readmeExamples(packageDir);
  expect(others).toEqual([]);
  using module = bundle(packageDir, { name: 'readme', text });
  const { status, stdout, stderr } = spawnSync(process.execPath, [module.path], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^unknown \{ sent: 0.*\}\nping: (active, answers in|unknown, cannot probe)/s);
});

test('SystemError is the class of the errors that are thrown, without an import of @ifdepd/libc', () => {
  expect(SystemError).toBe(OfLibc);
});

test('the declarations compile without skipLibCheck and without the types of a runtime', () => {
  const packages = {
    '@ifdepd/probe': packageDir,
    '@ifdepd/netlink': fileURLToPath(new URL('../../netlink', import.meta.url)),
    '@ifdepd/libc': fileURLToPath(new URL('../../libc', import.meta.url)),
  };
  const program =
    "import { openProbes } from '@ifdepd/probe'; import '@ifdepd/probe/target'; import '@ifdepd/probe/testing'; openProbes().close();";
  expect(declarationFaults(packages, program)).toBe('');
});

test('a bundle of CommonJS works', () => {
  const program = `import { openProbes } from './src/index.ts';
    const probes = openProbes();
    probes.add({ kind: 'ping', host: '127.0.0.1' }, {});
    probes.close();
    console.log('closed');`;
  expect(runAsCommonJs(packageDir, program)).toEqual({ status: 0, stdout: 'closed\n', stderr: '' });
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 3, faults: [] });
});
