import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, onTestFinished, test } from 'vitest';
import { host } from '../support/host.ts';
import { processorMs } from '../support/processor-ms.ts';
import { daemon, socket } from '../support/program.ts';

/** A client that is only to be accepted, again and again. @returns ends all of them */
function keepsConnecting(to: string | { readonly port: number }): () => void {
  const clients: Socket[] = [];
  const timer = setInterval(() => {
    const client = typeof to === 'string' ? connect(to) : connect(to.port, '127.0.0.1');
    clients.push(client.on('error', () => {}).resume());
  }, 20);
  const end = () => {
    clearInterval(timer);
    for (const client of clients) {
      client.destroy();
    }
  };
  onTestFinished(end);
  return end;
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
    const ends = [keepsConnecting(socket), keepsConnecting({ port })];
    for (const to of ['down', 'up'] as const) {
      lab.cables.em0[to === 'down' ? 'cut' : 'repair']();
      await lab.allAre(to, ['carp0']);
    }
    const before = processorMs(running.pid);
    await pause(1000);
    expect(processorMs(running.pid) - before).toBeLessThan(500);
    limit(running.pid, 4096);
    // Those that waited would take all 64 places for ten seconds.
    for (const end of ends) {
      end();
    }
    await askBoth();
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  },
);

test.each(['control socket', 'metrics'])(
  'a daemon whose limit of descriptors is far below what it has open does not spin while a client of the %s waits, follows its source, and answers afterwards',
  async (server) => {
    using lab = host('em0', 'carp0');
    const words = ['-s', socket, '--metrics', '127.0.0.1:0', '-S', 'em0', '-D', 'carp0'];
    await using running = await daemon(words);
    const port = Number(/:(\d+)$/.exec(await running.line(/metrics on 127/))?.[1]);
    expect(await ask(socket, '/healthz')).toBe('ok\n');
    limit(running.pid, 10);
    const client = server === 'metrics' ? connect(port, '127.0.0.1') : connect(socket);
    client.on('error', () => {});
    onTestFinished(() => void client.destroy());
    let heard = '';
    client.on('data', (bytes) => (heard += bytes)).write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await running.line(new RegExp(`${server}.*: cannot accept clients \\(EMFILE\\); trying every 1 s`));
    const before = processorMs(running.pid);
    await pause(1000);
    expect(processorMs(running.pid) - before).toBeLessThan(500);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    expect(heard).toBe('');
    limit(running.pid, 4096);
    await until('the answer', () => heard.endsWith('ok\n'));
  },
);
