import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { enterNewNamespace, until } from '@ifdepd/netlab';
import { bundle, readmeExamples } from '@ifdepd/packed';
import { expect, test } from 'vitest';
import { settledCable } from '../support/settled-cable.ts';

const packageDir = fileURLToPath(new URL('../..', import.meta.url));

test('the example in the README runs unchanged', async () => {
  enterNewNamespace();
  const eth0 = await settledCable('eth0');
  const [text = '', ...others] = readmeExamples(packageDir);
  expect(others).toEqual([]);
  using module = bundle(packageDir, { name: 'readme', text });
  const example = spawn(process.execPath, [module.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  example.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
  });
  try {
    await until('the snapshot', () => printed.includes('3 links (start)\n'));
    expect(printed).toContain('eth0: active (up)\n');
    eth0.cut();
    await until('the cut', () => printed.includes('changed eth0: lower layer down\n'));
  } finally {
    example.kill();
  }
});
