import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundle, packageFaults, readmeExamples } from '@ifdepd/packed';
import { expect, test } from 'vitest';

const packageDir = fileURLToPath(new URL('..', import.meta.url));

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(packageDir)).toEqual([]);
});

test('the example in the README runs as it is written, and says what it says', () => {
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
