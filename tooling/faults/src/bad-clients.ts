import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const SAYINGS: readonly (string | Buffer)[] = [
  'GET /v1/events?follow=1 HTTP/1.1\r\nhost: x\r\n\r\n',
  Buffer.alloc(100_000, 0xff),
  'GET / HTTP/1.1\r\n',
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
];

/** Clients of a control socket that never read, never finish a request, send too much, or send garbage. */
export function badClients(socket: string, count: number): AsyncDisposable {
  const clients = Array.from({ length: count }, (_, number): Socket => {
    const client = connect(socket).on('error', () => {});
    client.write(SAYINGS[number % SAYINGS.length] ?? '');
    return client.pause();
  });
  return {
    async [Symbol.asyncDispose]() {
      for (const client of clients) {
        if (!client.closed) {
          client.destroy();
          await once(client, 'close');
        }
      }
    },
  };
}
