import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { identityOf, isAlive, livingPid } from '../../src/system/process-identity.ts';

test('this process is alive, by its number and its start', () => {
  expect(livingPid(identityOf(process.pid))).toBe(process.pid);
  expect(livingPid(`${process.pid} 1`)).toBeNull();
});

test.each(['', 'x', '0 0', '-1 0', '1', `${spawnSync('true').pid} 5`])("'%s' is none", (identity) => {
  expect(livingPid(identity)).toBeNull();
});

test('a process that has ended and was not collected does not count as one', async () => {
  // The shell becomes sleep, which collects nothing.
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1001'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const isSleep = () => readFileSync(`/proc/${parent.pid}/comm`, 'latin1') === 'sleep\n';
  await until('a child', () => text.endsWith('\n') && isSleep());
  const child = Number(text);
  expect(isAlive(child)).toBe(true);
  process.kill(child, 'SIGKILL');
  await until('a zombie', () => /^State:\tZ/m.test(readFileSync(`/proc/${child}/status`, 'latin1')));
  expect(isAlive(child)).toBe(false);
  parent.kill('SIGKILL');
});
