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
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^1 lo (up|down)$/);
  const promised = /console\.log\(String\(error\)\); \/\/ (.*)/.exec(text)?.[1];
  expect(lines.at(-1)).toBe(promised);
});

test('SystemError is the class of the errors that are thrown, without an import of @ifdepd/libc', () => {
  expect(SystemError).toBe(OfLibc);
});

test('the declarations compile without skipLibCheck and without the types of a runtime', () => {
  const packages = {
    '@ifdepd/netlink': packageDir,
    '@ifdepd/libc': fileURLToPath(new URL('../../libc', import.meta.url)),
  };
  const program =
    "import { NetlinkClient } from '@ifdepd/netlink'; import '@ifdepd/netlink/rtnetlink'; import '@ifdepd/netlink/devices'; import '@ifdepd/netlink/testing'; new NetlinkClient().close();";
  expect(declarationFaults(packages, program)).toBe('');
});

test('a bundle of CommonJS works', () => {
  const program = `import { linux, openNetlinkSocket } from './src/index.ts';
    const netlink = openNetlinkSocket({ groups: [linux.rtnlgrp.RTNLGRP_LINK] });
    console.log(netlink.receive().type);
    netlink.close();`;
  expect(runAsCommonJs(packageDir, program)).toEqual({ status: 0, stdout: 'nothing\n', stderr: '' });
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(packageDir)).toEqual({ count: 3, faults: [] });
});
