import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, onTestFinished, test } from 'vitest';
import { host } from '../support/host.ts';
import { processorMs } from '../support/processor-ms.ts';
import { daemon, socket } from '../support/program.ts';

/** A client that is only to be accepted, again and again. */
function keepsConnecting(to: string | { readonly port: number }): void {
  const timer = setInterval(() => {
    const client = typeof to === 'string' ? connect(to) : connect(to.port, '127.0.0.1');
    client.on('error', () => {}).resume();
  }, 20);
  onTestFinished(() => clearInterval(timer));
}

/** How many descriptors a process may have open from now on. */
function limit(pid: number, descriptors: number): void {
  const words = [`--pid=${pid}`, `--nofile=${descriptors}:4096`];
  const { status, stderr } = spawnSync('prlimit', words, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

/** Asks until there is an answer. */
async function answered(asking: () => Promise<string>): Promise<void> {
  let answer = '';
  const again = () =>
    void asking()
      .then((text) => (answer = text))
      .catch(() => {});
  const timer = setInterval(again, 50);
  await until('an answer', () => answer !== '');
  clearInterval(timer);
  expect(answer).toBe('ok\n');
}

test.each(['before', 'after'])(
  'a daemon without a free descriptor %s its first client follows its sources, does not spin, and answers afterwards',
  async (when) => {
    using lab = host('em0', 'carp0');
    await using running = await daemon([
      '-s',
      socket,
      '--metrics',
      '127.0.0.1:0',
      '-S',
      'em0',
      '-D',
      'carp0',
    ]);
    const port = Number(/:(\d+)$/.exec(await running.line(/metrics on 127/))?.[1]);
    const askBoth = async () => {
      await answered(() => ask(socket, '/healthz'));
      await answered(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).text());
    };
    if (when === 'after') {
      await askBoth();
    }
    const open = readdirSync(`/proc/${running.pid}/fd`).map(Number);
    limit(running.pid, open.length);
    keepsConnecting(socket);
    keepsConnecting({ port });
    for (const to of ['down', 'up'] as const) {
      lab.cables.em0[to === 'down' ? 'cut' : 'repair']();
      await lab.allAre(to, ['carp0']);
    }
    const before = processorMs(running.pid);
    await pause(1000);
    expect(processorMs(running.pid) - before).toBeLessThan(500);
    limit(running.pid, 4096);
    await askBoth();
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  },
);
