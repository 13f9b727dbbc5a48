import { fileURLToPath } from 'node:url';
import { SystemError as OfLibc } from '@ifdepd/libc';
import { declarationFaults, packageFaults, runAsCommonJs, runDocExamples } from '@ifdepd/packed';
import { expect, test } from 'vitest';
import { SystemError } from '../src/index.ts';

const packageDir = fileURLToPath(new URL('..', import.meta.url));

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(packageDir)).toEqual([]);
});

test('routewatch exports the SystemError of libc', () => {
  expect(SystemError).toBe(OfLibc);
});

test('the declarations compile without skipLibCheck and without the types of a runtime', () => {
  const packages = {
    '@ifdepd/routewatch': packageDir,
    '@ifdepd/netlink': fileURLToPath(new URL('../../netlink', import.meta.url)),
    '@ifdepd/libc': fileURLToPath(new URL('../../libc', import.meta.url)),
  };
  const program =
    "import { defaultRoute, watchRoutes } from '@ifdepd/routewatch'; watchRoutes({ families: ['ipv4'] }).close(); defaultRoute('ipv6');";
  expect(declarationFaults(packages, program)).toBe('');
});

test('a bundle of CommonJS works', () => {
  const program = `import { listAddresses, watchRoutes } from './src/index.ts';
    const watch = watchRoutes();
    console.log(watch.addresses.length === listAddresses().length);
    watch.close();`;
  expect(runAsCommonJs(packageDir, program)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 2, faults: [] });
});
