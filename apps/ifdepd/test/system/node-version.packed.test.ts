import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import { nodeFault } from '../../src/system/node-version.ts';

test.each([
  ['12.22.12', false],
  ['18.20.4', false],
  ['20.0.0', true],
  ['20.18.3', true],
  ['21.7.3', false],
  ['22.2.0', false],
])('Node %s is refused in one sentence', (version, hasBuiltins) => {
  expect(nodeFault(version, hasBuiltins)).toBe(
    `needs Node 20.19 or later (of the line 22, 22.3 or later), and this is ${version}`,
  );
});

test.each(['20.19.0', '22.3.0', '24.0.0', '100.0.0'])('Node %s is not', (version) => {
  expect(nodeFault(version, true)).toBeNull();
});

test('Node 10 can read the file that refuses it', async () => {
  const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
  const code = readFileSync(main, 'utf8');
  // What esbuild would have to rewrite for it is what it could not read.
  const options = { minify: true, charset: 'ascii', loader: 'js' } as const;
  const { code: rewritten } = await transform(code, { ...options, target: 'node10' });
  const { code: same } = await transform(code, options);
  expect(rewritten).toBe(same);
});
