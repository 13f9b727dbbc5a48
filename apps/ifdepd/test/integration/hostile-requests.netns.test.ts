import { ask, askStatus, processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';
import { answerTo, head, rawClient } from '../support/raw-client.ts';

const words = ['-S', 'em0', '-D', 'carp0'];
const PAUSE = head('POST', '/v1/groups/cli/pause');
const MEGABYTE = 1024 * 1024;

/** What a client may say, and with which status it is answered; '' where it is hung up on. */
const requests: readonly (readonly [string, string, string])[] = [
  [
    'two lengths that contradict each other',
    head('POST', '/v1/reload', 'Content-Length: 0', 'Content-Length: 9'),
    '400',
  ],
  [
    'a length and chunks, with a request inside',
    `${head('POST', '/v1/reload', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${PAUSE}`,
    '400',
  ],
  [
    'chunks by a name that is not quite theirs',
    `${head('POST', '/v1/reload', 'Transfer-Encoding: xchunked')}0\r\n\r\n${PAUSE}`,
    '400',
  ],
  [
    'a chunk of a size that is no number',
    `${head('POST', '/v1/reload', 'Transfer-Encoding: chunked')}-1\r\n\r\n${PAUSE}`,
    '400',
  ],
  ['a negative length', head('POST', '/v1/reload', 'Content-Length: -1'), '400'],
  ['a length beyond all numbers', head('POST', '/v1/reload', `Content-Length: ${'9'.repeat(40)}`), '400'],
  ['lines that end with LF', `GET /healthz HTTP/1.1\nHost: x\n\n${PAUSE}`, '400'],
  ['one line that ends with LF', 'GET /healthz HTTP/1.1\r\nHost: x\nX: y\r\n\r\n', '400'],
  ['a NUL in a header', head('GET', '/healthz', 'X: \0'), '400'],
  ['a header that is folded', head('GET', '/healthz', 'X: a', ' b'), '400'],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', '400'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['a method that there is not', head('BREW', '/v1/status'), '400'],
  ['PUT', head('PUT', '/v1/status'), '405'],
  ['a GET that would change something', head('GET', '/v1/groups/cli/pause'), '405'],
  ['DELETE', head('DELETE', '/v1/groups/cli/pause'), '405'],
  ['OPTIONS *', head('OPTIONS', '*'), '400'],
  ['a proxy’s CONNECT', head('CONNECT', 'x:1'), ''],
  ['a way up', head('GET', '/v1/../v1/status'), '404'],
  ['a way up in escapes', head('GET', '/v1/%2e%2e/v1/status'), '404'],
  ['a slash in escapes', head('GET', '/v1%2fstatus'), '404'],
  ['an escape that is none', head('GET', '/v1/explain/%zz'), '400'],
  ['bytes that are no UTF-8', head('GET', '/v1/explain/%ff'), '400'],
  ['another host in the path', head('GET', '//x/v1/status'), '404'],
  ['another protocol', head('GET', 'file:///etc/passwd'), '400'],
  ['an absolute target, as of a proxy', head('GET', 'http://x/healthz'), '200'],
  [
    'a wish to speak something else',
    head('GET', '/healthz', 'Connection: Upgrade', 'Upgrade: websocket'),
    '200',
  ],
  ['a path of 10 kB', head('GET', `/${'x'.repeat(10_000)}`), '431'],
];

/** Ten megabytes of everything. Who still talks when it is hung up on may not hear the answer. */
const tooMuch: readonly string[] = [
  head('GET', '/healthz', `X: ${'x'.repeat(10 * MEGABYTE)}`),
  `${head('GET', '/healthz').slice(0, -2)}${'X: 45678\r\n'.repeat(MEGABYTE)}`,
  `${head('POST', '/v1/reload', `Content-Length: ${10 * MEGABYTE}`)}${'x'.repeat(10 * MEGABYTE)}`,
  `${head('POST', '/v1/reload', 'Transfer-Encoding: chunked')}${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(160)}`,
];

test('requests that are none, or want what they may not have: refused, and nothing is changed', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(words);
  await askStatus(socket);
  const before = processFacts(running.pid);
  const answers: [string, string][] = [];
  for (const [title, says] of requests) {
    answers.push([title, (await answerTo(socket, says)).slice('HTTP/1.1 '.length).slice(0, 3)]);
  }
  expect(answers).toEqual(requests.map(([title, , status]) => [title, status]));
  for (const says of tooMuch) {
    expect(await answerTo(socket, says)).toMatch(/^(?:$|HTTP\/1\.1 4(?:13|31) )/);
  }
  const after = processFacts(running.pid);
  expect(after.rss - before.rss).toBeLessThan(60 * MEGABYTE);
  await until(
    'their descriptors to be closed',
    () => processFacts(running.pid).descriptors <= before.descriptors,
  );
  expect((await askStatus(socket)).groups).toMatchObject([{ name: 'cli', phase: 'up' }]);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
});

test('a body without an end is not waited for', async () => {
  using _lab = host('em0', 'carp0');
  await using running = await daemon(words);
  await using client = rawClient(socket, head('POST', '/v1/reload', 'Transfer-Encoding: chunked'));
  const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
  let sent = 0;
  await until(
    () => `the end of it, after ${sent} bytes`,
    () => {
      sent += chunk.length;
      client.socket.write(chunk);
      return client.closed;
    },
  );
  expect(client.answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(running.lines.join('\n')).not.toMatch(/reload/);
});

test('thousands of requests on one connection: the first is answered, and no other is carried out', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(words);
  await askStatus(socket);
  const before = processFacts(running.pid);
  const count = (text: string) => text.split('HTTP/1.1 ').length - 1;
  expect(count(await answerTo(socket, PAUSE.repeat(20_000)))).toBe(1);
  // The first is a short one, and the others have come with it.
  expect(
    count(await answerTo(socket, `${head('GET', '/healthz')}${head('POST', '/v1/groups/cli/resume')}`)),
  ).toBe(1);
  expect((await ask(socket, '/v1/events')).match(/paused by an operator/g)).toHaveLength(1);
  expect((await askStatus(socket)).groups).toMatchObject([{ phase: 'paused' }]);
  expect(processFacts(running.pid).rss - before.rss).toBeLessThan(60 * MEGABYTE);
  await ask(socket, '/v1/groups/cli/resume', 'POST');
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
});

test('a client that ends what it says is answered all the same', async () => {
  using _lab = host('em0', 'carp0');
  await using _running = await daemon(words);
  const long = `X: ${'x'.repeat(6000)}`;
  for (const target of ['/healthz', '/v1/status', '/v1/events', '/v1/interfaces']) {
    await using client = rawClient(socket, head('GET', target, long));
    client.socket.end();
    await until(`an answer to ${target}`, () => client.closed);
    expect(client.answer).toMatch(/^HTTP\/1\.1 200 /);
  }
});

test('HEAD of a stream ends', async () => {
  using _lab = host('em0', 'carp0');
  await using _running = await daemon(words);
  expect(await answerTo(socket, head('HEAD', '/v1/events?follow=1'))).toMatch(
    /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/,
  );
});
