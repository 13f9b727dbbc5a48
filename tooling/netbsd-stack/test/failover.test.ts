import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@ifdepd/netlab';
import { afterEach, expect, test } from 'vitest';
import type { HostLog, HostOrder, HostReport } from '../src/host-messages.ts';
import { stackLibrary } from '../src/stack-library.ts';

const program = fileURLToPath(new URL('../dist/host.js', import.meta.url));
const hosts: ChildProcess[] = [];
const segments = mkdtempSync(join(tmpdir(), 'ifdepd-netbsd-'));

afterEach(() => {
  for (const host of hosts.splice(0)) {
    host.kill('SIGKILL');
  }
  rmSync(segments, { recursive: true, force: true });
});

function boot(number: number) {
  const child = fork(program, [stackLibrary(), segments, String(number)], { stdio: 'inherit' });
  hosts.push(child);
  let last: HostReport | undefined;
  const log: string[] = [];
  child.on('message', (message: HostReport | HostLog) => {
    if (message.type === 'state') {
      last = message;
    } else {
      log.push(message.message);
    }
  });
  return {
    log,
    tell: (order: HostOrder) => child.send(order),
    are: (...carps: string[]) => last?.carps.join() === carps.join(),
    get last() {
      return last;
    },
  };
}

test('two gateways with carp: the cut of one cable moves both addresses, its repair brings both back', async () => {
  const first = boot(1);
  await until('the first gateway is master of both', () => first.are('master', 'master'));
  const second = boot(2);
  await until('the second stands by', () => second.are('backup', 'backup'));

  first.tell({ cable: 'shmif0', state: 'down' });
  await until('the second is master of both', () => second.are('master', 'master'));
  await until('the first has both down', () => first.last?.up.join() === 'false,false');
  expect(first.log.join('\n')).toContain('carp0 carp1: set down (gateway: shmif0 failed)');
  expect(second.last?.phase).toBe('up');

  first.tell({ cable: 'shmif0', state: 'up' });
  await until('the first has both up', () => first.last?.up.join() === 'true,true');
  await until('each address has one master again', () =>
    ['master', 'master'].every(
      (_, index) => [first, second].filter((host) => host.last?.carps[index] === 'master').length === 1,
    ),
  );
  expect(first.log.join('\n')).toContain('carp0 carp1: set up');
});
