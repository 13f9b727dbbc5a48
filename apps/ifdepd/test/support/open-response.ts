import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { removeFolder } from './remove-folder.ts';

/** An answer of an HTTP server that is to be written, and the client that waits for it. */
export interface OpenResponse extends AsyncDisposable {
  /** It does not read. */
  readonly client: Socket;
  readonly response: ServerResponse;
  /** Has the client read. @returns what it has read so far */
  read(): () => string;
}

export async function openResponse(): Promise<OpenResponse> {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-response-'));
  const path = join(folder, 'socket');
  const server = createServer().listen(path);
  const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  const client = connect(path).on('error', () => {});
  client.pause().write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [, response] = await asked;
  return {
    client,
    response,
    read() {
      let answer = '';
      client.setEncoding('latin1').on('data', (text: string) => {
        answer += text;
      });
      client.resume();
      return () => answer;
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await until('the end of the client', () => client.closed);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await removeFolder(folder);
    },
  };
}
