import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { plainJson } from '../log/printable.ts';
import { ExitCode } from '../system/errors.ts';
import { realLoop, type Timer } from '../system/loop.ts';
import { fairQueue } from './fair-queue.ts';
import { type Following, followers, LINES, MOST_FOLLOWERS } from './follow.ts';
import { LineStream } from './line-stream.ts';
import { LARGEST_BODY, type Request, readRequest } from './request.ts';
import { SingleRequestSocket } from './single-request-socket.ts';

/**
 * `node:http`, not by `import`, which reads every export: from Node 22 on one of them (WebSocket) is undici. Compiling that takes
 * 10 MB and blocks the event loop, and without WebAssembly (--jitless) it ends the process on Node 22.
 */
const http: typeof import('node:http') = process.getBuiltinModule('node:http');

/** A whole text. */
export interface TextAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly allow?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a request: a whole text, lines that are made as the client reads them, or lines that go on. */
export type Answer = TextAnswer | Pick<Following, 'lines'> | Following;

/** Milliseconds that a whole request may take, and an answer that the client does not read. */
const LIMIT_MS = 10_000;

/** Request line and headers, in bytes. */
const LARGEST_HEAD = 8192;

/** A connection with its one request and its time limit. */
interface Connection {
  readonly socket: SingleRequestSocket;
  readonly limit: Timer;
  message: IncomingMessage | null;
}

/**
 * HTTP/1.1 over accepted connections, one request each. A server that listens by itself would wake every half minute.
 *
 * @param report gets a message about each client that was disconnected without a fault in its request. Default: no reports
 */
export function httpService(
  answer: (request: Request) => Answer | Promise<Answer>,
  report: (message: string) => void = () => {},
): (socket: Socket) => void {
  const connections = new WeakMap<object, Connection>();
  const turn = fairQueue();
  const follow = followers(report, turn);

  async function handle(
    connection: Connection,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    response.setHeader('connection', 'close');
    const result = await resultOf(message);
    if ('body' in result) {
      send(response, result);
      if (!message.complete) {
        connection.socket.destroySoon();
      }
    } else if (message.method === 'HEAD') {
      response.writeHead(200, { 'content-type': LINES }).end();
    } else if (!('follow' in result)) {
      response.writeHead(200, { 'content-type': LINES });
      new LineStream(response, result.lines, turn).end();
    } else if (!follow(result, response)) {
      const error = `${MOST_FOLLOWERS} clients follow the events already, and no more may`;
      send(response, failure(503, { error, exitCode: ExitCode.unavailable }));
    } else {
      realLoop.clearTimer(connection.limit);
      connection.socket.whenEnded(() => response.destroy());
    }
  }

  async function resultOf(message: IncomingMessage): Promise<Answer> {
    try {
      const request = await readRequest(message);
      if (request === null) {
        return failure(413, { error: `the body is larger than ${LARGEST_BODY} bytes` });
      }
      await turn();
      return await answer(request);
    } catch (error) {
      const bad = error instanceof URIError || error instanceof TypeError;
      return failure(bad ? 400 : 500, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  const server = http.createServer({ maxHeaderSize: LARGEST_HEAD }, (message, response) => {
    const connection = connections.get(message.socket);
    if (connection !== undefined) {
      connection.message = message;
      void handle(connection, message, response);
    }
  });
  // Later requests are ignored, but may have come in one piece with the first.
  server.maxRequestsPerSocket = 1;

  return (accepted) => {
    const complete = () => connection.message?.complete === true;
    const socket = new SingleRequestSocket(accepted, complete, turn);
    // Connections that were opened at once are closed one after another.
    const limit = realLoop.setTimer(() => void turn().then(() => socket.destroy()), LIMIT_MS);
    const connection: Connection = { socket, limit, message: null };
    connections.set(socket, connection);
    socket.once('close', () => realLoop.clearTimer(limit));
    socket.on('error', () => socket.destroy());
    server.emit('connection', socket);
  };
}

function failure(status: number, what: object): TextAnswer {
  return { status, type: 'application/json', body: `${plainJson(what)}\n` };
}

function send(response: ServerResponse, { status, type, body, allow, headers }: TextAnswer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(allow === undefined ? {} : { allow }),
    ...headers,
  });
  response.end(body);
}
