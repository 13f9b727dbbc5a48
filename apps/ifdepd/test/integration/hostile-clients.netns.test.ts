import { ask, askStatus, processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, type Running, runToEnd, socket } from '../support/program.ts';
import { accepted, head, type RawClient, rawClient } from '../support/raw-client.ts';

const words = ['-S', 'em0', '-D', 'carp0'];
const FOLLOW = head('GET', '/v1/events?follow=1');
const MEGABYTE = 1024 * 1024;

/** As many as are served at a time, and as many of them as may follow. */
const MOST = 64;
const MOST_FOLLOWERS = 32;

function clients(count: number, says: string): readonly RawClient[] & AsyncDisposable {
  const all = Array.from({ length: count }, () => rawClient(socket, says));
  return Object.assign(all, {
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((client) => client[Symbol.asyncDispose]()));
    },
  });
}

/** A daemon that has loaded what serves its control socket, and what it then costs. */
async function served(): Promise<{
  readonly running: Running;
  readonly before: ReturnType<typeof processFacts>;
}> {
  const running = await daemon(words);
  await askStatus(socket);
  await ask(socket, '/v1/interfaces');
  await until('those to be closed', () => accepted(running.pid, socket) === 0);
  return { running, before: processFacts(running.pid) };
}

async function descriptorsReturn(
  { pid }: Running,
  { descriptors }: ReturnType<typeof processFacts>,
): Promise<void> {
  await until(
    () => `${descriptors} descriptors; there are ${processFacts(pid).descriptors}`,
    () => processFacts(pid).descriptors <= descriptors,
  );
}

test('headers that come a byte a second: cut off, others are answered meanwhile, a failover is followed', async () => {
  using lab = host('em0', 'carp0');
  const { running, before } = await served();
  await using _running = running;
  await using slow = clients(MOST - 4, 'GET /healthz HTTP/1.1\r\nX: ');
  const drip = setInterval(() => slow.forEach(({ socket }) => void socket.write('x')), 1000);
  try {
    await until('them to be served', () => accepted(running.pid, socket) === MOST - 4);
    for (const to of ['down', 'up'] as const) {
      lab.netif.setAdmin(lab.cables.em0.far, to);
      await lab.allAre(to, ['carp0']);
    }
    expect((await askStatus(socket)).groups).toMatchObject([{ phase: 'up' }]);
    expect(slow.filter(({ closed }) => closed)).toEqual([]);
    await until('them to be cut off', () => slow.every(({ closed }) => closed));
  } finally {
    clearInterval(drip);
  }
  expect(slow.map(({ answer }) => answer)).toEqual(Array(MOST - 4).fill(''));
  await descriptorsReturn(running, before);
});

test('hundreds of clients that send nothing: 64 stay connected, for a limited time, and the others get an error', async () => {
  using lab = host('em0', 'carp0');
  const { running, before } = await served();
  await using _running = running;
  await using silent = clients(300, '');
  await until('the others to be dropped', () => silent.filter(({ closed }) => closed).length >= 300 - MOST);
  expect(accepted(running.pid, socket)).toBe(MOST);
  expect(await runToEnd(['status'])).toMatchObject({
    code: 69,
    stderr: expect.stringMatching(
      /^ifdepd: the daemon at \S+ hung up \(\w+\): it serves 64 clients at a time and needs a free descriptor for each; ask again\n$/,
    ),
  });
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await until('the silent ones to be cut off', () => silent.every(({ closed }) => closed));
  expect(await runToEnd(['status'])).toMatchObject({ code: 0 });
  expect(processFacts(running.pid).rss - before.rss).toBeLessThan(60 * MEGABYTE);
  await descriptorsReturn(running, before);
});

test('clients that follow the events and do not read are disconnected, with a log line; one that reads misses nothing, one that leaves leaves nothing', async () => {
  using lab = host('em0', 'carp0');
  const { running, before } = await served();
  await using _running = running;
  await using reader = rawClient(socket, FOLLOW);
  await using deaf = clients(MOST_FOLLOWERS - 1, FOLLOW);
  await until('the streams', () =>
    [reader, ...deaf].every(({ answer }) => answer.includes('"event":"ready"')),
  );
  for (const client of deaf) {
    client.socket.pause();
  }
  const reports = () => running.lines.filter((line) => line.includes('disconnected a slow events client'));
  let flips = 0;
  for (; reports().length < deaf.length; flips += 1) {
    const to = flips % 2 === 0 ? 'down' : 'up';
    lab.netif.setAdmin(lab.cables.em0.far, to);
    await lab.allAre(to, ['carp0']);
  }
  for (const line of reports()) {
    expect(line).toMatch(/disconnected a slow events client \(\d+ bytes unsent\)$/);
    const waited = Number(/(\d+) bytes/.exec(line)?.[1]);
    // The limit, and no more than an entry above it.
    expect(waited).toBeGreaterThan(256 * 1024);
    expect(waited).toBeLessThan(512 * 1024);
  }
  await until(
    () => `${flips} actions; the reader has ${reader.answer.match(/"event":"action"/g)?.length}`,
    () => reader.answer.match(/"event":"action"/g)?.length === flips,
  );
  expect(reports()).toHaveLength(deaf.length);
  expect(processFacts(running.pid).rss - before.rss).toBeLessThan(60 * MEGABYTE);
  // What has happened by now does not fit into the buffer of a socket.
  for (let round = 0; round < 100; round += 1) {
    await using leaver = rawClient(socket, round % 2 === 0 ? FOLLOW : head('GET', '/v1/events'));
    await until('the beginning of an answer', () => leaver.answer !== '');
  }
  reader.socket.destroy();
  await descriptorsReturn(running, before);
  expect((await askStatus(socket)).counters.transitions).toBe(flips + 1);
});

test('half of what is served may follow: the next is refused, and others are answered', async () => {
  using _lab = host('em0', 'carp0');
  const { running, before } = await served();
  await using _running = running;
  {
    await using streams = clients(MOST_FOLLOWERS, FOLLOW);
    await until('all the streams', () => streams.every(({ answer }) => answer.includes('"event":"ready"')));
    await using more = rawClient(socket, FOLLOW);
    await until('an answer', () => more.closed);
    expect(more.answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(await runToEnd(['events', '--follow'])).toMatchObject({
      code: 69,
      stderr: 'ifdepd: 32 clients follow the events already, and no more may\n',
    });
    expect((await askStatus(socket)).groups).toMatchObject([{ phase: 'up' }]);
  }
  await descriptorsReturn(running, before);
  await using again = rawClient(socket, FOLLOW);
  await until('a stream', () => again.answer.includes('"event":"ready"'));
});

test('a client that follows the events and sends more, or ends its side, is disconnected', async () => {
  using _lab = host('em0', 'carp0');
  const { running, before } = await served();
  await using _running = running;
  {
    await using talker = rawClient(socket, FOLLOW + FOLLOW.repeat(100_000));
    await until('its stream', () => talker.answer.includes('"event":"ready"'));
    expect(talker.answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    await using ended = rawClient(socket, FOLLOW);
    ended.socket.end();
    await until('the end', () => ended.closed);
  }
  await ask(socket, '/v1/groups/cli/pause', 'POST');
  await descriptorsReturn(running, before);
  expect(processFacts(running.pid).rss - before.rss).toBeLessThan(60 * MEGABYTE);
});
