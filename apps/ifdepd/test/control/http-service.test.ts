import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { httpService } from '../../src/control/http-service.ts';
import { removeFolder } from '../support/remove-folder.ts';

afterEach(() => void vi.useRealTimers());

test('silent clients that connected at once are disconnected one after another', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const serve = httpService(() => ({ status: 200, type: 'text/plain', body: '' }));
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-http-'));
  onTestFinished(() => removeFolder(folder));
  const path = join(folder, 'silent');
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    accepted.push(socket);
    serve(socket);
  }).listen(path);
  const clients = Array.from({ length: 8 }, () => connect(path).resume());
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  while (accepted.length < clients.length) {
    await turn();
  }
  const gone = () => accepted.filter(({ destroyed }) => destroyed).length;
  vi.advanceTimersByTime(10_000);
  const counts = [gone()];
  while (gone() < accepted.length) {
    await turn();
    counts.push(gone());
  }
  expect(counts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  vi.useRealTimers();
  await until('the clients to be gone', () => clients.every(({ closed }) => closed));
  server.close();
  await once(server, 'close');
});
