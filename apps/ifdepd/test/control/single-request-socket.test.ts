import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { SingleRequestSocket } from '../../src/control/single-request-socket.ts';

/** The two ends of a connection; that of the server is paused. */
async function pair() {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-pair-'));
  const path = join(folder, 's');
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(path);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect(path).on('error', () => {});
  const [socket] = await accepted;
  return {
    client,
    socket,
    [Symbol.dispose]() {
      client.destroy();
      socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('pieces of a kilobyte, and none once the request is complete', async () => {
  using ends = await pair();
  const pieces: number[] = [];
  const shown = new SingleRequestSocket(ends.socket, () => pieces.length === 3);
  shown.on('data', (piece: Buffer) => pieces.push(piece.byteLength));
  ends.client.end(Buffer.alloc(1024 * 1024));
  await until('three pieces', () => pieces.length >= 3);
  // What is left stays in the connection: the client cannot get rid of it.
  ends.client.once('finish', () => pieces.push(-1));
  shown.destroy();
  await until('the end of the client', () => ends.client.closed);
  expect(pieces).toEqual([1024, 1024, 1024]);
});

test('the end of a client: told to who asks, an end of the stream only in the middle of a request', async () => {
  for (const complete of [true, false]) {
    using ends = await pair();
    const shown = new SingleRequestSocket(ends.socket, () => complete);
    let ended = '';
    shown.whenEnded(() => {
      ended += 'told';
    });
    shown.once('end', () => {
      ended += 'end';
    });
    shown.resume();
    ends.client.end();
    await until('the end', () => ended !== '');
    expect(ended).toBe(complete ? 'told' : 'end');
  }
});

test('what is written at once is one write, in order', async () => {
  using ends = await pair();
  const shown = new SingleRequestSocket(ends.socket, () => true);
  const writes: number[] = [];
  const write = ends.socket.write.bind(ends.socket);
  ends.socket.write = (...words: readonly unknown[]) => {
    writes.push((words[0] as Buffer).byteLength);
    return (write as (...words: readonly unknown[]) => boolean)(...words);
  };
  let answer = '';
  ends.client.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  shown.cork();
  for (const part of ['head', '5\r\n', 'line\n', '\r\n']) {
    shown.write(part);
  }
  shown.uncork();
  shown.destroySoon();
  await until('the end', () => ends.client.closed);
  expect(answer).toBe('head5\r\nline\n\r\n');
  expect(writes).toEqual([14]);
});
