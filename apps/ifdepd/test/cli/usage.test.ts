import { expect, test } from 'vitest';
import { help } from '../../src/cli/usage.ts';
import { ExitCode } from '../../src/exit-code.ts';

test('the help fits in 80 columns', () => {
  expect(help.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
});

test('the help lists the exit codes that the program can end with', () => {
  const { ok, unavailable, ...others } = ExitCode;
  for (const code of Object.values(others)) {
    expect(help).toMatch(new RegExp(`\\b${code}\\b`));
  }
});
