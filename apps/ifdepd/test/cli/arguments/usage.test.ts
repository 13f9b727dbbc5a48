import { targetOf } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import { help } from '../../../src/cli/arguments/usage.ts';
import { ExitCode } from '../../../src/system/errors.ts';

test.each([
  ['linux', '/run'],
  ['freebsd', '/var/run'],
  ['openbsd', '/var/run'],
  ['netbsd', '/var/run'],
  ['dragonfly', '/var/run'],
  ['darwin', '/var/run'],
])('%s: the help names files in %s and fits in 80 columns', (platform, directory) => {
  const text = help(targetOf(platform).runDirectory);
  const paths = [...text.matchAll(/default (\/\S+)\//g)].map(([, path]) => path);
  expect(paths).toEqual([directory, `${directory}/ifdepd`]);
  expect(text.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
});

test('the help lists the exit codes that the program can end with', () => {
  const { ok, unavailable, ...others } = ExitCode;
  for (const code of Object.values(others)) {
    expect(help('/run')).toMatch(new RegExp(`\\b${code}\\b`));
  }
});
