import { isIP, Socket } from 'node:net';
import type { OwnedFd } from '@ifdepd/libc';
import type { HostSystem } from '../sockets/host-system.ts';
import type { ProbePath } from '../target/path.ts';
import { hostOf } from '../target/url-host.ts';
import { ANSWERED, type Exchange, type Outcome, type Settle } from './exchange.ts';
import { HostName } from './host-name.ts';
import { streamExchange } from './stream-exchange.ts';

/** What is fetched, and what for. */
export interface HttpQuestion {
  readonly url: URL;
  /** The status that is wanted; null: any from 200 to 399. */
  readonly expect: number | null;
}

/** Probes a URL by a GET of Node's own client, over a connection of its own. Redirects are not followed. */
export function httpExchange(
  host: HostSystem,
  question: HttpQuestion,
  path: ProbePath,
  settle: Settle,
): Exchange {
  const { url } = question;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const converse = (socket: OwnedFd, end: (outcome: Outcome) => void) => get(question, socket, end);
  return streamExchange(host, new HostName(hostOf(url)), port, path, converse, settle);
}

function get({ url, expect }: HttpQuestion, owned: OwnedFd, end: (outcome: Outcome) => void): Disposable {
  const socket = new Socket({ fd: owned.fd });
  // Bun makes a socket without a connection.
  if (socket.pending) {
    owned.close();
    end({ type: 'unsent', why: 'this runtime cannot go on with a connection that is open: http needs Node' });
    return { [Symbol.dispose]: () => void socket.destroy() };
  }
  owned.release();
  const stream = url.protocol === 'https:' ? encrypted(socket, hostOf(url)) : socket;
  // Loaded with the first probe of this kind only.
  const request = process.getBuiltinModule('node:http').request({
    createConnection: () => stream,
    host: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, 'user-agent': 'ifdepd-probe', connection: 'close' },
  });
  request.on('response', ({ statusCode = 0 }) => {
    request.destroy();
    end(outcomeOf(statusCode, expect));
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    end({ type: 'refused', why: `${url.href}: ${error.message}` });
  });
  request.end();
  return { [Symbol.dispose]: () => void request.destroy() };
}

function encrypted(socket: Socket, host: string): Socket {
  const servername = isIP(host) === 0 ? { servername: host } : { host };
  return process.getBuiltinModule('node:tls').connect({ socket, ...servername });
}

function outcomeOf(status: number, expect: number | null): Outcome {
  const wanted = expect === null ? status >= 200 && status < 400 : status === expect;
  return wanted
    ? ANSWERED
    : { type: 'refused', why: `HTTP ${status}${expect === null ? '' : ` instead of ${expect}`}` };
}
