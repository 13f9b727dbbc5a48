import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '@ifdepd/libc';
import { until } from '@ifdepd/netlab';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenControl } from '../../src/control/control-socket.ts';
import { httpService } from '../../src/control/http-service.ts';
import { serveMetrics } from '../../src/control/metrics-server.ts';

/** What accept(2) can give, besides what libuv handles. */
const ACCEPTING = ['EMFILE', 'ENOBUFS', 'ENOMEM', 'EPERM'];
/** What read(2) and write(2) of a connection can give. */
const TALKING = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EIO', 'ENOMEM', 'ENOBUFS'];

const errnoError = (code: string, call: string) =>
  Object.assign(new Error(`${call} ${code}`), { code, syscall: call });

/** The servers that are made from now on. */
function serversMade(): readonly Server[] {
  const net = process.getBuiltinModule('node:net');
  const made: Server[] = [];
  const { createServer } = net;
  const spy = vi.spyOn(net, 'createServer').mockImplementation(((...words: never[]) => {
    const server = Reflect.apply(createServer, net, words) as Server;
    made.push(server);
    return server;
  }) as never);
  onTestFinished(() => spy.mockRestore());
  return made;
}

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-listening-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const says = (socket: Socket) => void socket.end('hello');

/** Connects until a server has said something. */
async function isServed(to: string | number): Promise<void> {
  let heard = '';
  const again = () =>
    void (typeof to === 'string' ? connect(to) : connect(to, '127.0.0.1'))
      .on('error', () => {})
      .on('data', (bytes) => (heard = String(bytes)));
  const timer = setInterval(again, 50);
  again();
  await until('an answer', () => heard !== '');
  clearInterval(timer);
}

test.each(ACCEPTING)('a control socket whose accept(2) gives %s listens again', async (code) => {
  const servers = serversMade();
  const path = join(folderOf(), 's');
  const reports: string[] = [];
  using _listening = listenControl(loadLibc(), path, says, (message) => reports.push(message));
  await isServed(path);
  // As Node does for what libuv reports.
  servers[0]?.emit('error', errnoError(code, 'accept'));
  expect(servers[0]?.listening).toBe(false);
  expect(reports).toEqual([`control socket ${path}: ${code}; trying again in 1 s`]);
  await isServed(path);
});

test('a control socket that cannot listen again tries once a second, until it can', async () => {
  const servers = serversMade();
  const folder = join(folderOf(), 'run');
  mkdirSync(folder);
  const path = join(folder, 's');
  const reports: string[] = [];
  using _listening = listenControl(loadLibc(), path, says, (message) => reports.push(message));
  await isServed(path);
  rmSync(folder, { recursive: true });
  servers[0]?.emit('error', errnoError('EMFILE', 'accept'));
  await until('a second attempt', () => reports.length === 2);
  expect(reports[1]).toContain('ENOENT');
  mkdirSync(folder);
  await isServed(path);
});

test.each(ACCEPTING)('a metrics server whose accept(2) gives %s listens again on its port', async (code) => {
  const servers = serversMade();
  const reports: string[] = [];
  const address = { host: '127.0.0.1', port: 0 };
  using metrics = await serveMetrics(address, says, (message) => reports.push(message));
  await isServed(metrics.port);
  servers[0]?.emit('error', errnoError(code, 'accept'));
  expect(reports).toEqual([`metrics on 127.0.0.1:${metrics.port}: ${code}; trying again in 1 s`]);
  await isServed(metrics.port);
});

test('listeners that are closed while they wait to listen again stay closed', async () => {
  const servers = serversMade();
  const path = join(folderOf(), 's');
  const listening = listenControl(loadLibc(), path, says, () => {});
  const metrics = await serveMetrics({ host: '127.0.0.1', port: 0 }, says, () => {});
  await isServed(path);
  for (const server of servers) {
    server.emit('error', errnoError('ENOMEM', 'accept'));
  }
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  listening[Symbol.dispose]();
  metrics[Symbol.dispose]();
  vi.advanceTimersByTime(10_000);
  expect(servers.map(({ listening }) => listening)).toEqual([false, false]);
});

test.each(
  TALKING.flatMap((code) =>
    ['before its request', 'within its request', 'within its answer'].map((when) => [code, when]),
  ),
)('a connection that gives %s %s is closed, and the next client is answered', async (code, when) => {
  const path = join(folderOf(), 's');
  const accepted: Socket[] = [];
  const body = 'x'.repeat(4 * 1024 * 1024);
  const serve = httpService(() => ({ status: 200, type: 'text/plain', body }));
  const take = (socket: Socket) => {
    accepted.push(socket);
    serve(socket);
  };
  using _listening = listenControl(loadLibc(), path, take, () => {});
  const client = connect(path).on('error', () => {});
  client.write(
    {
      'before its request': '',
      'within its request': 'GET / HT',
      'within its answer': 'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    }[when] ?? '',
  );
  if (when === 'within its answer') {
    await once(client, 'readable');
  }
  await until('the connection', () => accepted[0]);
  accepted[0]?.destroy(errnoError(code, 'read'));
  client.resume();
  await until('the end of the client', () => client.closed);
  let answer = '';
  const next = connect(path);
  next
    .on('data', (bytes) => (answer += bytes))
    .write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await until('the whole answer', () => answer.endsWith('x') && next.closed);
  expect(answer).toContain('200 OK');
});
