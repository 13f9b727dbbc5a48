import { fileURLToPath } from 'node:url';
import { SystemError as OfLibc } from '@ifdepd/libc';
import { declarationFaults, packageFaults, runAsCommonJs, runDocExamples } from '@ifdepd/packed';
import { expect, test } from 'vitest';
import { SystemError } from '../src/index.ts';

const packageDir = fileURLToPath(new URL('..', import.meta.url));

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(packageDir)).toEqual([]);
});

test('linkwatch exports the SystemError of libc', () => {
  expect(SystemError).toBe(OfLibc);
});

test('the declarations compile without skipLibCheck and without @types/node', () => {
  const packages = {
    '@ifdepd/linkwatch': packageDir,
    '@ifdepd/netlink': fileURLToPath(new URL('../../netlink', import.meta.url)),
    '@ifdepd/libc': fileURLToPath(new URL('../../libc', import.meta.url)),
  };
  const program =
    "import { watchLinks } from '@ifdepd/linkwatch'; import '@ifdepd/linkwatch/linux'; import '@ifdepd/linkwatch/testing'; watchLinks({ interest: ['eth0'] }).close();";
  expect(declarationFaults(packages, program)).toBe('');
});

test('a bundle of CommonJS works', () => {
  const program = `import { watchLinks } from './src/index.ts';
    const watch = watchLinks();
    console.log(watch.links.size > 0);
    watch.close();`;
  expect(runAsCommonJs(packageDir, program)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 2, faults: [] });
});
