import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { until } from '@ifdepd/netlab';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenControl } from '../../src/control/control-socket.ts';
import { httpService } from '../../src/control/http-service.ts';
import { serveMetrics } from '../../src/control/metrics-server.ts';

/** What accept(2) can give, besides what libuv handles. */
const ACCEPTING = ['EMFILE', 'ENOBUFS', 'ENOMEM', 'EPERM'];
/** What read(2) and write(2) of a connection can give. */
const TALKING = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EIO', 'ENOMEM', 'ENOBUFS'];

/** fcntl.h of every system: the flags of a descriptor. */
const F_GETFD = 1;

const errnoError = (code: string, call: string) =>
  Object.assign(new Error(`${call} ${code}`), { code, syscall: call });

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-listening-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const says = (socket: Socket) => void socket.end('hello');

/** Connects until a server has said something. */
async function isServed(path: string): Promise<void> {
  let heard = '';
  const again = () =>
    void connect(path)
      .on('error', () => {})
      .on('data', (bytes) => (heard = String(bytes)));
  const timer = setInterval(again, 50);
  again();
  await until('an answer', () => heard !== '');
  clearInterval(timer);
}

/** The real calls, but accept(2) fails with this errno until it is mended. */
function failingAccept(code: string) {
  const real = loadLibc();
  const errno = constants.errno[code as keyof typeof constants.errno];
  const failing = { attempts: 0, isMended: false, libc: { ...real, accept } satisfies Libc };
  function accept(fd: number): number {
    failing.attempts++;
    return failing.isMended ? real.accept(fd) : -errno;
  }
  return failing;
}

/** The servers, on a unix socket and on TCP. @returns closes it */
const SERVERS = {
  async 'control socket'(libc: Libc, report: (message: string) => void) {
    const to = join(folderOf(), 's');
    const listening = listenControl(libc, to, says, report);
    return { to, subject: `control socket ${to}`, [Symbol.dispose]: () => listening[Symbol.dispose]() };
  },
  async 'metrics server'(libc: Libc, report: (message: string) => void) {
    const metrics = await serveMetrics(libc, { host: '127.0.0.1', port: 0 }, says, report);
    const subject = `metrics on 127.0.0.1:${metrics.port}`;
    return { to: metrics.port, subject, [Symbol.dispose]: () => metrics[Symbol.dispose]() };
  },
};
const EACH_SERVER = Object.keys(SERVERS) as readonly (keyof typeof SERVERS)[];

const connectTo = (to: string | number) => (typeof to === 'string' ? connect(to) : connect(to, '127.0.0.1'));

test.each([
  ...ACCEPTING.map((code) => ['control socket', code] as const),
  ['metrics server', 'EMFILE'] as const,
])('a client of the %s waits while accept(2) gives %s, and is served afterwards', async (server, code) => {
  const failing = failingAccept(code);
  const reports: string[] = [];
  using listening = await SERVERS[server](failing.libc, (message) => reports.push(message));
  let heard = '';
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  connectTo(listening.to).on('data', (bytes) => (heard += bytes));
  await vi.waitUntil(() => failing.attempts === 1, { timeout: 60_000 });
  vi.advanceTimersByTime(1000);
  await vi.waitUntil(() => failing.attempts === 2, { timeout: 60_000 });
  expect({ heard, reports }).toEqual({
    heard: '',
    reports: [`${listening.subject}: cannot accept clients (${code}); trying every 1 s`],
  });
  failing.isMended = true;
  vi.advanceTimersByTime(1000);
  await vi.waitUntil(() => heard === 'hello', { timeout: 60_000 });
});

test.each(['EINTR', 'ECONNABORTED'])(
  'a control socket whose accept(2) gives %s tries again at once',
  async (code) => {
    const failing = failingAccept(code);
    const path = join(folderOf(), 's');
    const reports: string[] = [];
    using _listening = listenControl(failing.libc, path, says, (message) => reports.push(message));
    connect(path).on('error', () => {});
    await until('further attempts', () => failing.attempts >= 3);
    expect(reports).toEqual([]);
    failing.isMended = true;
    await isServed(path);
  },
);

test('an accepted client: nothing is read before its taker reads, and no program inherits the descriptor', async () => {
  const libc = loadLibc();
  const path = join(folderOf(), 's');
  const accepted: { readonly socket: Socket; readonly flags: number }[] = [];
  const take = (socket: Socket) => {
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
    accepted.push({ socket, flags: libc.fcntl(fd, F_GETFD, 0) });
  };
  using _listening = listenControl(libc, path, take, () => {});
  const client = connect(path);
  await new Promise<void>((resolve) => client.write('all of it', () => resolve()));
  await until('the connection', () => accepted.length === 1);
  // A second client: the event loop has polled the first connection by then.
  connect(path).end();
  await until('the second connection', () => accepted.length === 2);
  expect(accepted[0]?.socket.bytesRead).toBe(0);
  expect(accepted.map(({ flags }) => flags)).toEqual([1, 1]);
  let heard = '';
  accepted[0]?.socket.on('data', (bytes) => (heard += bytes)).resume();
  await until('the bytes', () => heard === 'all of it');
  client.destroy();
});

test.each(EACH_SERVER)(
  'a %s that is closed while it waits for its next attempt makes none',
  async (server) => {
    const failing = failingAccept('ENOMEM');
    const listening = await SERVERS[server](failing.libc, () => {});
    connectTo(listening.to).on('error', () => {});
    await until('an attempt', () => failing.attempts === 1);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    listening[Symbol.dispose]();
    vi.advanceTimersByTime(10_000);
    expect(failing.attempts).toBe(1);
  },
);

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
