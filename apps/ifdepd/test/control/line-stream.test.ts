import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { fairQueue } from '../../src/control/fair-queue.ts';
import { LineStream } from '../../src/control/line-stream.ts';
import { heldTurns } from '../support/held-turns.ts';
import { openResponse } from '../support/open-response.ts';

/** A hundred bytes, and no two alike. */
const line = (number: number): string => `${String(number).padStart(99, '-')}\n`;
const PIECE_BYTES = 16 * 1024;

/** Lines of up to this size are one write, with what HTTP puts around them. */
const ONE_WRITE_BYTES = PIECE_BYTES + 1024;

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, at) => line(from + at)).join('');
}

test('lines for a client that does not read wait in the stream, not in the response, and none is lost', async () => {
  await using open = await openResponse();
  const stream = new LineStream(open.response, [], fairQueue());
  let pushed = 0;
  let most = 0;
  await until('256 KiB to wait', () => {
    for (let more = 0; more < 100; more += 1, pushed += 1) {
      stream.push(line(pushed));
    }
    most = Math.max(most, open.response.writableLength);
    return stream.waitingBytes > 256 * 1024;
  });
  // All of it would be there, in as many pieces as there are lines: each is an error more when the client is hung up on.
  expect(most).toBeLessThan(ONE_WRITE_BYTES);
  stream.end();
  const answer = open.read();
  await until('all of it', () => open.client.closed);
  expect(stream.waitingBytes).toBe(0);
  expect(
    answer()
      .match(/-+\d+\n/g)
      ?.join(''),
  ).toBe(lines(0, pushed));
});

test('the lines so far are made as the client reads them', async () => {
  await using open = await openResponse();
  let made = 0;
  function* endless(): Iterable<string> {
    for (;;) {
      made += 1;
      yield line(made);
    }
  }
  void new LineStream(open.response, endless(), fairQueue());
  const taken = open.read();
  await until('the client to have had enough', () => taken().length > 1024 * 1024);
  open.client.destroy();
  await until('the end of it', () => open.response.destroyed);
  // What it has not taken is on its way: in the kernel, and one piece here.
  expect(made * 100 - taken().length).toBeLessThan(1024 * 1024);
});

test('a turn for each piece, and all that came meanwhile in the next one', async () => {
  await using open = await openResponse();
  const { response, client } = open;
  const answer = open.read();
  const held = heldTurns();
  const stream = new LineStream(response, [lines(0, 200), lines(200, 400)], held.turn);
  expect([held.waiting, answer()]).toEqual([1, '']);
  held.give();
  await until('the first to be written', () => held.waiting === 1);
  stream.push(line(400));
  stream.push(line(401));
  stream.end();
  // Who has a turn to come does not ask for another.
  expect(held.waiting).toBe(1);
  held.give();
  await until('the second', () => held.waiting === 1);
  held.give();
  await until('the third', () => held.waiting === 1);
  held.give();
  await until('the end', () => client.closed);
  const chunks = answer()
    .match(/(?<=\r\n)[\da-f]+(?=\r\n)/g)
    ?.map((size) => Number.parseInt(size, 16));
  expect(chunks).toEqual([20_000, 20_000, 200, 0]);
  expect(held.waiting).toBe(0);
});

test('without lines: an answer all the same', async () => {
  await using open = await openResponse();
  new LineStream(open.response, [], fairQueue()).end();
  const answer = open.read();
  await until('the end', () => open.client.closed);
  expect(answer()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
