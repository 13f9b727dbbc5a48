import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { fairQueue } from '../../src/control/fair-queue.ts';
import { SingleRequestSocket } from '../../src/control/single-request-socket.ts';
import { heldTurns } from '../support/held-turns.ts';

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
  const shown = new SingleRequestSocket(ends.socket, () => pieces.length === 3, fairQueue());
  shown.on('data', (piece: Buffer) => pieces.push(piece.byteLength));
  ends.client.end(Buffer.alloc(1024 * 1024));
  await until('three pieces', () => pieces.length >= 3);
  // What is left stays in the connection: the client cannot get rid of it.
  ends.client.once('finish', () => pieces.push(-1));
  shown.destroy();
  await until('the end of the client', () => ends.client.closed);
  expect(pieces).toEqual([1024, 1024, 1024]);
});

test('the end of a client ends the stream only within a request, and calls the listener', async () => {
  for (const complete of [true, false]) {
    using ends = await pair();
    const shown = new SingleRequestSocket(ends.socket, () => complete, fairQueue());
    let ended = '';
    shown.whenEnded(() => {
      ended += 'called back';
    });
    shown.once('end', () => {
      ended += 'end';
    });
    shown.resume();
    ends.client.end();
    await until('the end', () => ended !== '');
    expect(ended).toBe(complete ? 'called back' : 'end');
  }
});

test('clients that send at once take turns piece by piece, and end after their last piece', async () => {
  using one = await pair();
  using other = await pair();
  const held = heldTurns();
  const order: string[] = [];
  for (const [name, { socket, client }] of Object.entries({ one, other })) {
    const shown = new SingleRequestSocket(socket, () => false, held.turn);
    shown.on('data', (piece: Buffer) => order.push(`${name} ${piece.byteLength}`));
    shown.once('end', () => order.push(`${name} ends`));
    const waiting = held.waiting + 1;
    client.end(Buffer.alloc(1500));
    await until(`what ${name} says`, () => held.waiting === waiting);
  }
  const all = ['one 1024', 'other 1024', 'one 476', 'other 476', 'one ends', 'other ends'];
  for (const [turn] of all.entries()) {
    expect(order).toEqual(all.slice(0, turn));
    held.give();
    const waiting = Math.min(2, all.length - turn - 1);
    await until('what is next', () => order.length === turn + 1 && held.waiting === waiting);
  }
  expect(order).toEqual(all);
});

test('lines that are logged at once are one write, in order', async () => {
  using ends = await pair();
  const shown = new SingleRequestSocket(ends.socket, () => true, fairQueue());
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
